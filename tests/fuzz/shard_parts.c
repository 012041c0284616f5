#include "fuzz/shard_parts.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "fuzz/fuzz.h"
#include "io/digest.h"
#include "io/shard_record.h"

enum { FRAMES_MOST = 64 };

/* One frame being described. */
typedef struct part {
  frame_record record;
  uint8_t first[SHARD_USER_BYTES], last[SHARD_USER_BYTES];
  uint32_t checksum;
} part;

/* Takes note of a record of the frame, if it is a message. */
static void describe_record(part *p, unsigned char tag, const unsigned char *record, size_t length) {
  if (tag != SHARD_TAG_MESSAGE) return;
  message_record *m = nightmail__v1__message__unpack(NULL, length, record);
  if (m != NULL && m->user_id.len == SHARD_USER_BYTES) {
    if (p->record.records == 0) memcpy(p->first, m->user_id.data, SHARD_USER_BYTES);
    memcpy(p->last, m->user_id.data, SHARD_USER_BYTES);
  }
  if (m != NULL) nightmail__v1__message__free_unpacked(m, NULL);
  p->record.records++;
}

/* The end of the frame that begins at `from`: after `per_frame` records, or at the end where they cannot be told. */
static size_t cut(const uint8_t *plain, size_t count, size_t from, int per_frame, part *p) {
  size_t at = from;
  for (int i = 0; i < per_frame && at < count; i++) {
    unsigned char tag;
    const unsigned char *record;
    size_t length;
    if (!shard_record_get_head(plain, count, &at, &tag, &record, &length)) return count;
    describe_record(p, tag, record, length);
  }
  return at;
}

static void add(uint8_t *file, size_t *length, const void *bytes, size_t count) {
  memcpy(file + *length, bytes, count);
  *length += count;
}

static void add_u32(uint8_t *file, size_t *length, uint64_t value) {
  shard_record_put_u32((uint32_t)value, file + *length);
  *length += 4;
}

static size_t pack_frame(ZSTD_CCtx *zstd, const uint8_t *plain, size_t count, part *p, uint8_t *out, size_t room) {
  const size_t packed = ZSTD_compress2(zstd, out, room, plain, count);
  FUZZ_HOLDS(!ZSTD_isError(packed));
  p->record.bytes = packed;
  p->record.plain_bytes = count;
  p->record.digest = digest_block(plain, count);
  p->checksum = shard_record_checksum(plain, count);
  if (p->record.records > 0) {
    p->record.first_user = (ProtobufCBinaryData){SHARD_USER_BYTES, p->first};
    p->record.last_user = (ProtobufCBinaryData){SHARD_USER_BYTES, p->last};
  }
  return packed;
}

static void add_index(uint8_t *file, size_t *length, part *parts, size_t frames) {
  frame_record *list[FRAMES_MOST];
  index_record index = NIGHTMAIL__V1__SHARD_INDEX__INIT;
  index.format = SHARD_FORMAT;
  index.n_frame = frames;
  index.frame = list;
  for (size_t i = 0; i < frames; i++) {
    list[i] = &parts[i].record;
    index.records += parts[i].record.records;
  }
  const size_t bytes = nightmail__v1__shard_index__get_packed_size(&index);
  add_u32(file, length, SHARD_MAGIC_INDEX);
  add_u32(file, length, bytes + 8);
  uint8_t *record = file + *length;
  *length += nightmail__v1__shard_index__pack(&index, record);
  const uint64_t digest = digest_block(record, bytes);
  add_u32(file, length, digest & UINT32_MAX);
  add_u32(file, length, digest >> 32);
  add_u32(file, length, SHARD_MAGIC_TABLE);
  add_u32(file, length, (frames + 1) * SHARD_ENTRY + SHARD_FOOTER);
  for (size_t i = 0; i < frames; i++) {
    add_u32(file, length, parts[i].record.bytes);
    add_u32(file, length, parts[i].record.plain_bytes);
    add_u32(file, length, parts[i].checksum);
  }
  add_u32(file, length, bytes + 8 + SHARD_SKIPPABLE_HEAD);
  add_u32(file, length, 0);
  add_u32(file, length, shard_record_checksum("", 0));
  add_u32(file, length, frames + 1);
  add(file, length, (const uint8_t[]){SHARD_DESCRIPTOR}, 1);
  add_u32(file, length, SHARD_MAGIC_FOOTER);
}

uint8_t *shard_parts_build(const uint8_t *plain, size_t count, int per_frame, size_t *length) {
  part *parts = calloc(FRAMES_MOST, sizeof *parts);
  const size_t room = ZSTD_compressBound(count) + FRAMES_MOST * 256 + 1024;
  uint8_t *file = malloc(room);
  ZSTD_CCtx *zstd = ZSTD_createCCtx();
  FUZZ_HOLDS(parts != NULL && file != NULL && zstd != NULL);
  ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, 1);
  size_t frames = 0, at = 0;
  *length = 0;
  do {
    part *p = &parts[frames++];
    nightmail__v1__shard_index__frame__init(&p->record);
    p->record.offset = *length;
    const size_t end = frames < FRAMES_MOST ? cut(plain, count, at, per_frame, p) : count;
    *length += pack_frame(zstd, plain + at, end - at, p, file + *length, room - *length);
    at = end;
  } while (at < count);
  add_index(file, length, parts, frames);
  ZSTD_freeCCtx(zstd);
  free(parts);
  return file;
}

void shard_parts_repair(uint8_t *file, size_t length) {
  if (length < SHARD_SKIPPABLE_HEAD + SHARD_FOOTER) return;
  uint8_t *footer = file + length - SHARD_FOOTER;
  footer[4] = SHARD_DESCRIPTOR;
  shard_record_put_u32(SHARD_MAGIC_FOOTER, footer + 5);
  const uint64_t entries = shard_record_u32(footer),
                 bytes = SHARD_SKIPPABLE_HEAD + SHARD_ENTRY * entries + SHARD_FOOTER;
  if (entries < 1 || bytes > length) return;
  uint8_t *table = file + length - bytes, *entry = footer - SHARD_ENTRY;
  shard_record_put_u32(SHARD_MAGIC_TABLE, table);
  shard_record_put_u32((uint32_t)(bytes - SHARD_SKIPPABLE_HEAD), table + 4);
  shard_record_put_u32(0, entry + 4);
  shard_record_put_u32(shard_record_checksum("", 0), entry + 8);
  const uint64_t frame = shard_record_u32(entry);
  if (frame < SHARD_SKIPPABLE_HEAD + 8 || frame > length - bytes) return;
  uint8_t *index = table - frame;
  const uint64_t record = frame - SHARD_SKIPPABLE_HEAD - 8;
  shard_record_put_u32(SHARD_MAGIC_INDEX, index);
  shard_record_put_u32((uint32_t)(record + 8), index + 4);
  const uint64_t digest = digest_block(index + SHARD_SKIPPABLE_HEAD, record);
  shard_record_put_u32((uint32_t)(digest & UINT32_MAX), table - 8);
  shard_record_put_u32((uint32_t)(digest >> 32), table - 4);
}
