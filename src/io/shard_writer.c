#include <string.h>
#include <zstd.h>

#include "base/utf8.h"
#include "io/digest_stream.h"
#include "io/file.h"
#include "io/shard.h"
#include "io/shard_record.h"

struct shard_writer {
  arena memory; /* holds this struct too */
  file_writer *file;
  const char *path;
  int64_t frame_bytes;
  int index, count;
  ZSTD_CCtx *compressor;
  unsigned char *plain, *packed; /* the open frame, and room for it compressed */
  size_t plain_used, plain_room, packed_room;
  shard_frame *frames; /* the open one last */
  int64_t frame_count, frame_room;
  int64_t records, plain_bytes;
  user_id first, last;
  digest_stream plain_digest, digest;
};

/* Makes *bytes hold at least `need`, keeping `used` of it. */
static status reserve(arena *a, unsigned char **bytes, size_t used, size_t *room, size_t need) {
  if (need <= *room) return STATUS_OK;
  unsigned char *larger;
  TRY(ARENA(a, (int64_t)need, &larger));
  if (used > 0) memcpy(larger, *bytes, used);
  *bytes = larger;
  *room = need;
  return STATUS_OK;
}

static status put(shard_writer *w, const void *bytes, size_t count) {
  digest_stream_add(&w->digest, bytes, count);
  return file_writer_append(w->file, bytes, count);
}

static status begin_frame(shard_writer *w) {
  if (w->frame_count == w->frame_room) {
    shard_frame *larger;
    TRY(ARENA(&w->memory, 2 * w->frame_room + 16, &larger));
    if (w->frame_count > 0) memcpy(larger, w->frames, (size_t)w->frame_count * sizeof *larger);
    w->frames = larger;
    w->frame_room = 2 * w->frame_room + 16;
  }
  w->frames[w->frame_count++] = (shard_frame){0};
  w->plain_used = 0;
  return STATUS_OK;
}

static status end_frame(shard_writer *w) {
  shard_frame *f = &w->frames[w->frame_count - 1];
  TRY(reserve(&w->memory, &w->packed, 0, &w->packed_room, ZSTD_compressBound(w->plain_used)));
  const size_t packed = ZSTD_compress2(w->compressor, w->packed, w->packed_room, w->plain, w->plain_used);
  if (ZSTD_isError(packed)) return status_fail(STATUS_BUG, "%s: zstd: %s", w->path, ZSTD_getErrorName(packed));
  f->offset = (uint64_t)file_writer_offset(w->file);
  f->bytes = packed;
  f->plain_bytes = w->plain_used;
  f->digest = digest_block(w->plain, w->plain_used);
  f->checksum = shard_record_checksum(w->plain, w->plain_used);
  digest_stream_add(&w->plain_digest, w->plain, w->plain_used);
  w->plain_bytes += (int64_t)w->plain_used;
  return put(w, w->packed, packed);
}

/* Room for a whole record of `length` bytes: the head is written, the caller packs the record at *out. */
static status add_record(shard_writer *w, unsigned char tag, size_t length, unsigned char **out) {
  unsigned char head[1 + SHARD_VARINT_MOST];
  const size_t head_bytes = shard_record_put_head(tag, length, head), need = head_bytes + length;
  if (w->plain_used > 0 && w->plain_used + need > (size_t)w->frame_bytes) {
    TRY(end_frame(w));
    TRY(begin_frame(w));
  }
  TRY(reserve(&w->memory, &w->plain, w->plain_used, &w->plain_room, w->plain_used + need));
  memcpy(w->plain + w->plain_used, head, head_bytes);
  *out = w->plain + w->plain_used + head_bytes;
  w->plain_used += need;
  return STATUS_OK;
}

static status add_header(shard_writer *w, const shard_options *o) {
  if (!utf8_is_valid(o->job, strlen(o->job)) || !utf8_is_valid(o->night, strlen(o->night)))
    return status_fail(STATUS_BUG, "%s: the name of job or night is not valid UTF-8", w->path);
  header_record header = NIGHTMAIL__V1__HEADER__INIT;
  header.format = SHARD_FORMAT;
  header.job = (char *)o->job;
  header.night = (char *)o->night;
  header.index = (uint32_t)o->index;
  header.count = (uint32_t)o->count;
  unsigned char *at;
  TRY(add_record(w, SHARD_TAG_HEADER, nightmail__v1__header__get_packed_size(&header), &at));
  nightmail__v1__header__pack(&header, at);
  return STATUS_OK;
}

static status start(shard_writer *w, const char *path, const shard_options *o) {
  char *own_path = NULL;
  TRY(arena_text(&w->memory, path, strlen(path), &own_path));
  w->path = own_path;
  w->frame_bytes = o->frame_bytes;
  w->index = o->index;
  w->count = o->count;
  digest_stream_start(&w->plain_digest);
  digest_stream_start(&w->digest);
  TRY(reserve(&w->memory, &w->plain, 0, &w->plain_room, (size_t)o->frame_bytes));
  TRY(begin_frame(w));
  w->compressor = ZSTD_createCCtx();
  if (w->compressor == NULL) return status_fail(STATUS_BUG, "%s: no memory for the compressor", path);
  if (ZSTD_isError(ZSTD_CCtx_setParameter(w->compressor, ZSTD_c_compressionLevel, o->level)) ||
      ZSTD_isError(ZSTD_CCtx_setParameter(w->compressor, ZSTD_c_contentSizeFlag, 1)) ||
      ZSTD_isError(ZSTD_CCtx_setParameter(w->compressor, ZSTD_c_checksumFlag, 1)))
    return status_fail(STATUS_BUG, "%s: zstd refuses level %d", path, o->level);
  TRY(file_writer_open(path, &w->file));
  return add_header(w, o);
}

status shard_writer_open(const char *path, const shard_options *options, shard_writer **out) {
  arena memory = {0};
  shard_writer *w;
  *out = NULL;
  TRY(ARENA(&memory, 1, &w));
  w->memory = memory;
  const status result = start(w, path, options);
  if (result == STATUS_OK)
    *out = w;
  else
    shard_writer_abandon(w);
  return result;
}

status shard_writer_append(shard_writer *w, const message *m) {
  if (w->records > 0 && user_id_compare(w->last, m->user) >= 0)
    return status_fail(STATUS_BUG, "%s: record %lld is not of a later user than the one before it", w->path,
                       (long long)w->records);
  message_record record;
  unsigned char user[SHARD_USER_BYTES], *at;
  TRY(shard_record_from(m, user, &record));
  TRY(add_record(w, SHARD_TAG_MESSAGE, nightmail__v1__message__get_packed_size(&record), &at));
  nightmail__v1__message__pack(&record, at);
  shard_frame *f = &w->frames[w->frame_count - 1];
  if (f->records++ == 0) memcpy(f->first, user, sizeof user);
  memcpy(f->last, user, sizeof user);
  if (w->records++ == 0) w->first = m->user;
  w->last = m->user;
  return STATUS_OK;
}

static void describe_frame(shard_frame *f, frame_record *out) {
  nightmail__v1__shard_index__frame__init(out);
  out->offset = f->offset;
  out->bytes = f->bytes;
  out->plain_bytes = f->plain_bytes;
  out->records = f->records;
  if (f->records > 0) {
    out->first_user = (ProtobufCBinaryData){SHARD_USER_BYTES, f->first};
    out->last_user = (ProtobufCBinaryData){SHARD_USER_BYTES, f->last};
  }
  out->digest = f->digest;
}

/* The skippable frame with the index; *bytes is its length in the file. */
static status put_index(shard_writer *w, size_t *bytes) {
  frame_record *records, **list;
  TRY(ARENA(&w->memory, w->frame_count, &records));
  TRY(ARENA(&w->memory, w->frame_count, &list));
  for (int64_t i = 0; i < w->frame_count; i++) {
    describe_frame(&w->frames[i], &records[i]);
    list[i] = &records[i];
  }
  index_record index = NIGHTMAIL__V1__SHARD_INDEX__INIT;
  index.format = SHARD_FORMAT;
  index.n_frame = (size_t)w->frame_count;
  index.frame = list;
  index.records = (uint64_t)w->records;
  const size_t length = nightmail__v1__shard_index__get_packed_size(&index);
  unsigned char *frame;
  *bytes = SHARD_SKIPPABLE_HEAD + length + sizeof(uint64_t);
  TRY(ARENA(&w->memory, (int64_t)*bytes, &frame));
  shard_record_put_u32(SHARD_MAGIC_INDEX, frame);
  shard_record_put_u32((uint32_t)(length + sizeof(uint64_t)), frame + 4);
  nightmail__v1__shard_index__pack(&index, frame + SHARD_SKIPPABLE_HEAD);
  const uint64_t digest = digest_block(frame + SHARD_SKIPPABLE_HEAD, length);
  shard_record_put_u32((uint32_t)digest, frame + SHARD_SKIPPABLE_HEAD + length);
  shard_record_put_u32((uint32_t)(digest >> 32), frame + SHARD_SKIPPABLE_HEAD + length + 4);
  return put(w, frame, *bytes);
}

static void put_entry(unsigned char *at, uint64_t bytes, uint64_t plain_bytes, uint32_t checksum) {
  shard_record_put_u32((uint32_t)bytes, at);
  shard_record_put_u32((uint32_t)plain_bytes, at + 4);
  shard_record_put_u32(checksum, at + 8);
}

/* The format wants skippable frames listed too, as holding nothing. */
static status put_seek_table(shard_writer *w, size_t index_bytes) {
  const size_t entries = (size_t)w->frame_count + 1, length = SHARD_ENTRY * entries + SHARD_FOOTER;
  unsigned char *table, *at;
  TRY(ARENA(&w->memory, (int64_t)(SHARD_SKIPPABLE_HEAD + length), &table));
  shard_record_put_u32(SHARD_MAGIC_TABLE, table);
  shard_record_put_u32((uint32_t)length, table + 4);
  at = table + SHARD_SKIPPABLE_HEAD;
  for (int64_t i = 0; i < w->frame_count; i++, at += SHARD_ENTRY)
    put_entry(at, w->frames[i].bytes, w->frames[i].plain_bytes, w->frames[i].checksum);
  put_entry(at, index_bytes, 0, shard_record_checksum("", 0));
  at += SHARD_ENTRY;
  shard_record_put_u32((uint32_t)entries, at);
  at[4] = SHARD_DESCRIPTOR;
  shard_record_put_u32(SHARD_MAGIC_FOOTER, at + 5);
  return put(w, table, SHARD_SKIPPABLE_HEAD + length);
}

static status finish(shard_writer *w) {
  size_t index_bytes;
  TRY(end_frame(w));
  TRY(put_index(w, &index_bytes));
  return put_seek_table(w, index_bytes);
}

status shard_writer_commit(shard_writer *w, shard_summary *out) {
  status result = finish(w);
  if (result == STATUS_OK) {
    *out = (shard_summary){.bytes = file_writer_offset(w->file),
                           .plain_bytes = w->plain_bytes,
                           .records = w->records,
                           .first = w->first,
                           .last = w->last};
    shard_name(w->index, w->count, out->name);
    digest_stream_text(&w->digest, out->digest);
    digest_stream_text(&w->plain_digest, out->plain_digest);
    result = file_writer_commit(w->file);
    w->file = NULL;
  }
  shard_writer_abandon(w);
  return result;
}

void shard_writer_abandon(shard_writer *w) {
  if (w == NULL) return;
  file_writer_abandon(w->file);
  ZSTD_freeCCtx(w->compressor);
  arena memory = w->memory; /* which holds *w */
  arena_free(&memory);
}
