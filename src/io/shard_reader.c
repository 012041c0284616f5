#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "io/digest_stream.h"
#include "io/proto_memory.h"
#include "io/random_file.h"
#include "io/shard.h"
#include "io/shard_index.h"
#include "io/shard_record.h"

struct shard_reader {
  arena memory; /* holds this struct too */
  random_file *file;
  const char *path;
  shard_index index;
  arena_mark frame_mark; /* what is taken after it belongs to the frame at hand */
  int64_t frame;         /* the frame at hand, -1: none */
  const unsigned char *plain;
  size_t at;             /* in it: the next record */
  uint64_t records_left; /* in it */
  user_id before;        /* the last user delivered */
  int has_before;
  digest_stream plain_digest;
  arena record_memory; /* what the last message points into */
  arena_mark record_mark;
  shard_options header;
};

static status damaged(const shard_reader *r, const char *what) {
  return status_fail(STATUS_DATA, "%s: is damaged: %s", r->path, what);
}

/* Decompresses a frame and holds it against the index and the seek table. */
static status load_frame(shard_reader *r, int64_t frame) {
  const shard_frame *f = &r->index.frames[frame];
  unsigned char *packed, *plain;
  arena_release(&r->memory, r->frame_mark);
  r->frame = -1;
  TRY(ARENA(&r->memory, (int64_t)f->bytes, &packed));
  TRY(ARENA(&r->memory, (int64_t)f->plain_bytes, &plain));
  TRY(random_file_read(r->file, (int64_t)f->offset, packed, (int64_t)f->bytes));
  const size_t count = ZSTD_decompress(plain, (size_t)f->plain_bytes, packed, (size_t)f->bytes);
  if (ZSTD_getErrorCode(count) == ZSTD_error_memory_allocation)
    return status_fail(STATUS_BUG, "%s: out of memory for decompressing", r->path);
  if (ZSTD_isError(count)) return damaged(r, ZSTD_getErrorName(count));
  if (count != f->plain_bytes || digest_block(plain, count) != f->digest)
    return damaged(r, "a frame is not the one in the index");
  if (shard_record_checksum(plain, count) != f->checksum) return damaged(r, "a frame is not the one in the seek table");
  r->frame = frame;
  r->plain = plain;
  r->at = 0;
  r->records_left = f->records;
  return STATUS_OK;
}

static status next_record(shard_reader *r, unsigned char wanted, const unsigned char **record, size_t *length) {
  unsigned char tag;
  if (!shard_record_get_head(r->plain, (size_t)r->index.frames[r->frame].plain_bytes, &r->at, &tag, record, length) ||
      tag != wanted)
    return damaged(r, "its records do not lie one after another");
  return STATUS_OK;
}

static status own_text(shard_reader *r, const char *text, const char **out) {
  char *own = NULL;
  TRY(arena_text(&r->memory, text, strlen(text), &own));
  *out = own;
  return STATUS_OK;
}

static status take_header(shard_reader *r, const header_record *h) {
  if (h->format != SHARD_FORMAT)
    return status_fail(STATUS_DATA, "%s: written in format %u, this program reads format %d", r->path, h->format,
                       SHARD_FORMAT);
  if (h->count < 1 || h->count > INT32_MAX || h->index >= h->count) return damaged(r, "its header cannot be");
  r->header.index = (int)h->index;
  r->header.count = (int)h->count;
  TRY(own_text(r, h->job, &r->header.job));
  return own_text(r, h->night, &r->header.night);
}

/* The header is the first record of the first frame. Its texts outlive the frame, so the frame is loaded once more. */
static status read_header(shard_reader *r) {
  const unsigned char *record;
  size_t length;
  TRY(load_frame(r, 0));
  TRY(next_record(r, SHARD_TAG_HEADER, &record, &length));
  proto_memory memory;
  proto_memory_start(&memory, &r->record_memory);
  header_record *h = nightmail__v1__header__unpack(&memory.allocator, length, record);
  if (h == NULL) return proto_memory_fault(&memory, r->path, "is damaged: its header cannot be read");
  arena_release(&r->memory, r->frame_mark);
  r->frame = -1;
  TRY(take_header(r, h));
  r->frame_mark = arena_here(&r->memory);
  return STATUS_OK;
}

static status start(shard_reader *r, const char *path) {
  TRY(own_text(r, path, &r->path));
  TRY(random_file_open(path, &r->file));
  TRY(shard_index_read(r->file, r->path, &r->memory, &r->index));
  r->frame_mark = arena_here(&r->memory);
  r->frame = -1;
  digest_stream_start(&r->plain_digest);
  /* Behind the mark is always a chunk, so that releasing a record keeps it for the next one. */
  void *nothing = NULL;
  TRY(arena_take(&r->record_memory, 0, 1, &nothing));
  r->record_mark = arena_here(&r->record_memory);
  return read_header(r);
}

status shard_reader_open(const char *path, shard_reader **out) {
  arena memory = {0};
  shard_reader *r;
  *out = NULL;
  TRY(ARENA(&memory, 1, &r));
  r->memory = memory;
  const status result = start(r, path);
  if (result == STATUS_OK)
    *out = r;
  else
    shard_reader_close(r);
  return result;
}

void shard_reader_close(shard_reader *r) {
  if (r == NULL) return;
  random_file_close(r->file);
  arena_free(&r->record_memory);
  arena memory = r->memory; /* which holds *r */
  arena_free(&memory);
}

const shard_options *shard_reader_header(const shard_reader *r) { return &r->header; }

void shard_reader_digest(const shard_reader *r, char out[DIGEST_TEXT]) { digest_stream_text(&r->plain_digest, out); }

/* Loads a frame and steps over the header record, if it is the first one. */
static status enter_frame(shard_reader *r, int64_t frame) {
  const unsigned char *record;
  size_t length;
  TRY(load_frame(r, frame));
  if (frame == 0) TRY(next_record(r, SHARD_TAG_HEADER, &record, &length));
  return STATUS_OK;
}

/* The next message of the frame at hand, which has one left. */
static status take_message(shard_reader *r, message *out) {
  const unsigned char *bytes;
  size_t length;
  const shard_frame *f = &r->index.frames[r->frame];
  TRY(next_record(r, SHARD_TAG_MESSAGE, &bytes, &length));
  proto_memory memory;
  arena_release(&r->record_memory, r->record_mark);
  proto_memory_start(&memory, &r->record_memory);
  const message_record *record = nightmail__v1__message__unpack(&memory.allocator, length, bytes);
  if (record == NULL) return proto_memory_fault(&memory, r->path, "is damaged: a record is not a message");
  if (!shard_record_to(record, out)) return damaged(r, "a record is not a message");
  if (r->has_before && user_id_compare(r->before, out->user) >= 0)
    return damaged(r, "its users do not ascend, so somebody may be in it twice");
  if (r->records_left == f->records && memcmp(record->user_id.data, f->first, SHARD_USER_BYTES) != 0)
    return damaged(r, "a frame does not begin with the user in the index");
  if (--r->records_left == 0 && memcmp(record->user_id.data, f->last, SHARD_USER_BYTES) != 0)
    return damaged(r, "a frame does not end with the user in the index");
  r->before = out->user;
  r->has_before = 1;
  return STATUS_OK;
}

status shard_reader_next(shard_reader *r, message *out, int *more) {
  *more = 0;
  while (r->frame < 0 || r->records_left == 0) {
    if (r->frame >= 0 && r->at != r->index.frames[r->frame].plain_bytes)
      return damaged(r, "a frame holds more records than the index says");
    if (r->frame + 1 >= r->index.frame_count) return STATUS_OK;
    TRY(enter_frame(r, r->frame + 1));
    digest_stream_add(&r->plain_digest, r->plain, (size_t)r->index.frames[r->frame].plain_bytes);
  }
  TRY(take_message(r, out));
  *more = 1;
  return STATUS_OK;
}

status shard_reader_find(shard_reader *r, user_id user, message *out, int *found) {
  *found = 0;
  const int64_t frame = shard_index_find(&r->index, user);
  if (frame < 0) return STATUS_OK;
  r->has_before = 0;
  TRY(enter_frame(r, frame));
  while (r->records_left > 0) {
    TRY(take_message(r, out));
    const int order = user_id_compare(out->user, user);
    if (order >= 0) {
      *found = order == 0;
      return STATUS_OK;
    }
  }
  return STATUS_OK;
}
