#include "io/shard_index.h"

#include <string.h>

#include "io/proto_memory.h"

/* No frame of ours comes near; and no zstd block does better than four bytes for 128 KiB of one letter. So a forged
 * size cannot ask for memory out of proportion to the file. */
enum { FRAME_BYTES_MOST = 1 << 30, PLAIN_PER_BYTE_MOST = 32768 };

typedef struct seek_table {
  int64_t entries;
  const unsigned char *entry; /* [entries × SHARD_ENTRY] */
  int64_t bytes;              /* of its whole frame */
} seek_table;

static status damaged(const char *path, const char *what) {
  return status_fail(STATUS_DATA, "%s: is cut or damaged: %s", path, what);
}

static status read_table(random_file *f, const char *path, arena *a, seek_table *out) {
  const int64_t size = random_file_bytes(f);
  unsigned char footer[SHARD_FOOTER], *table;
  if (size < SHARD_SKIPPABLE_HEAD + SHARD_FOOTER) return damaged(path, "it is too short for a shard");
  TRY(random_file_read(f, size - SHARD_FOOTER, footer, SHARD_FOOTER));
  if (shard_record_u32(footer + 5) != SHARD_MAGIC_FOOTER || footer[4] != SHARD_DESCRIPTOR)
    return damaged(path, "it does not end with a seek table");
  out->entries = shard_record_u32(footer);
  out->bytes = SHARD_SKIPPABLE_HEAD + SHARD_ENTRY * out->entries + SHARD_FOOTER;
  if (out->entries < 2 || out->bytes > size) return damaged(path, "its seek table is longer than the file");
  TRY(ARENA(a, out->bytes, &table));
  TRY(random_file_read(f, size - out->bytes, table, out->bytes));
  if (shard_record_u32(table) != SHARD_MAGIC_TABLE ||
      shard_record_u32(table + 4) != (uint64_t)(out->bytes - SHARD_SKIPPABLE_HEAD))
    return damaged(path, "its seek table does not begin as one");
  out->entry = table + SHARD_SKIPPABLE_HEAD;
  return STATUS_OK;
}

/* The frame of the index ends where the seek table begins, and is the table's last entry. */
static status read_index(random_file *f, const char *path, arena *a, const seek_table *t, int64_t *start,
                         index_record **out) {
  const unsigned char *entry = t->entry + SHARD_ENTRY * (t->entries - 1);
  const int64_t bytes = shard_record_u32(entry), end = random_file_bytes(f) - t->bytes;
  unsigned char *frame;
  if (bytes < SHARD_SKIPPABLE_HEAD + 8 || bytes > end || shard_record_u32(entry + 4) != 0 ||
      shard_record_u32(entry + 8) != shard_record_checksum("", 0))
    return damaged(path, "its seek table does not end with the index");
  *start = end - bytes;
  TRY(ARENA(a, bytes, &frame));
  TRY(random_file_read(f, *start, frame, bytes));
  const int64_t length = bytes - SHARD_SKIPPABLE_HEAD - 8;
  const unsigned char *record = frame + SHARD_SKIPPABLE_HEAD;
  const uint64_t digest = shard_record_u32(record + length) | (uint64_t)shard_record_u32(record + length + 4) << 32;
  if (shard_record_u32(frame) != SHARD_MAGIC_INDEX || shard_record_u32(frame + 4) != (uint64_t)(length + 8) ||
      digest_block(record, (size_t)length) != digest)
    return damaged(path, "its index does not match its checksum");
  proto_memory memory;
  proto_memory_start(&memory, a);
  *out = nightmail__v1__shard_index__unpack(&memory.allocator, (size_t)length, record);
  return *out != NULL ? STATUS_OK : proto_memory_fault(&memory, path, "its index cannot be read");
}

static int take_user(ProtobufCBinaryData bytes, int wanted, unsigned char out[SHARD_USER_BYTES]) {
  if (bytes.len != (wanted ? SHARD_USER_BYTES : 0)) return 0;
  if (wanted) memcpy(out, bytes.data, SHARD_USER_BYTES);
  return 1;
}

/* Frames follow each other without a gap, as long as the seek table says, with users ascending. */
static status take_frames(const index_record *index, const char *path, const seek_table *t, int64_t index_start,
                          shard_index *out) {
  uint64_t offset = 0, records = 0;
  const unsigned char *last = NULL;
  for (int64_t i = 0; i < out->frame_count; i++) {
    const frame_record *r = index->frame[i];
    const unsigned char *entry = t->entry + SHARD_ENTRY * i;
    shard_frame *f = &out->frames[i];
    *f = (shard_frame){.offset = offset,
                       .bytes = r->bytes,
                       .plain_bytes = r->plain_bytes,
                       .records = r->records,
                       .digest = r->digest,
                       .checksum = shard_record_u32(entry + 8)};
    if (r->offset != offset || r->bytes != shard_record_u32(entry) || r->plain_bytes != shard_record_u32(entry + 4))
      return damaged(path, "its index and its seek table contradict each other");
    if (r->plain_bytes > FRAME_BYTES_MOST || r->plain_bytes / PLAIN_PER_BYTE_MOST > r->bytes ||
        r->records > r->plain_bytes || !take_user(r->first_user, r->records > 0, f->first) ||
        !take_user(r->last_user, r->records > 0, f->last) || memcmp(f->first, f->last, SHARD_USER_BYTES) > 0 ||
        (r->records > 0 && last != NULL && memcmp(last, f->first, SHARD_USER_BYTES) >= 0))
      return damaged(path, "its index cannot be");
    if (r->records > 0) last = f->last;
    offset += r->bytes;
    records += r->records;
  }
  if (offset != (uint64_t)index_start) return damaged(path, "there is something between its frames");
  return records == index->records ? STATUS_OK : damaged(path, "its index cannot be");
}

status shard_index_read(random_file *f, const char *path, arena *a, shard_index *out) {
  seek_table table = {0};
  index_record *index = NULL;
  int64_t start = 0;
  TRY(read_table(f, path, a, &table));
  TRY(read_index(f, path, a, &table, &start, &index));
  out->frame_count = table.entries - 1;
  if (index->format != SHARD_FORMAT)
    return status_fail(STATUS_DATA, "%s: its index is of format %u, this program reads format %d", path, index->format,
                       SHARD_FORMAT);
  if (index->n_frame != (size_t)out->frame_count)
    return damaged(path, "its index and its seek table contradict each other");
  TRY(ARENA(a, out->frame_count, &out->frames));
  return take_frames(index, path, &table, start, out);
}

/* The first frame whose last user is not before `user`. Frames without records are passed over. */
int64_t shard_index_find(const shard_index *index, user_id user) {
  unsigned char key[SHARD_USER_BYTES];
  shard_record_put_user(user, key);
  for (int64_t i = 0; i < index->frame_count; i++) {
    const shard_frame *f = &index->frames[i];
    if (f->records == 0 || memcmp(f->last, key, SHARD_USER_BYTES) < 0) continue;
    return memcmp(f->first, key, SHARD_USER_BYTES) <= 0 ? i : -1;
  }
  return -1;
}
