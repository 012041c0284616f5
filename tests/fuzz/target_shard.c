/* io/shard_reader: records and frames behind right checksums, index and seek table.
 * Input: records per frame; the plain bytes of a shard (`zstd -dc`), which are cut into frames, packed and indexed
 * here, however wrong the records are. */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "fuzz/fuzz.h"
#include "fuzz/shard_parts.h"
#include "io/shard.h"

enum { FOUND_MOST = 8 };

/* Everybody who was read is found again. */
static void find_again(shard_reader *r, const user_id *users, int count) {
  for (int i = 0; i < count; i++) {
    message m;
    int found = 0;
    const status result = shard_reader_find(r, users[i], &m, &found);
    FUZZ_HOLDS(result == STATUS_OK && found && user_id_compare(m.user, users[i]) == 0);
  }
}

static void read_all(const char *path) {
  shard_reader *r = NULL;
  status result = shard_reader_open(path, &r);
  if (result != STATUS_OK) {
    fuzz_failed(result);
    return;
  }
  const shard_options *header = shard_reader_header(r);
  FUZZ_HOLDS(header->index >= 0 && header->index < header->count && header->job != NULL && header->night != NULL);
  user_id users[FOUND_MOST] = {{0, 0}}, before = {0, 0};
  message m;
  int64_t records = 0;
  int more = 0;
  for (;; records++) {
    result = shard_reader_next(r, &m, &more);
    if (result != STATUS_OK || !more) break;
    FUZZ_HOLDS(records == 0 || user_id_compare(before, m.user) < 0);
    FUZZ_HOLDS((unsigned)m.language < LANGUAGE_COUNT && (unsigned)m.tone < TONE_COUNT);
    FUZZ_HOLDS(strlen(m.text) + strlen(m.user_name) + strlen(m.item_name) + strlen(m.reason) < SIZE_MAX / 2);
    before = m.user;
    if (records < FOUND_MOST) users[records] = m.user;
  }
  if (result == STATUS_OK)
    find_again(r, users, records < FOUND_MOST ? (int)records : FOUND_MOST);
  else
    fuzz_failed(result);
  shard_reader_close(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  if (count < 1) return 0;
  size_t length = 0;
  uint8_t *file = shard_parts_build(bytes + 1, count - 1, 1 + bytes[0] % 8, &length);
  const char *path = fuzz_file("messages-00000-of-00002.pb.zst", file, length);
  free(file);
  read_all(path);
  shard_summary expected = {.bytes = (int64_t)length};
  const shard_options options = {.job = "demo", .night = "2024-05-01", .index = 0, .count = 2};
  shard_tally tally = {0};
  digest_file(path, expected.digest);
  const status verified = shard_verify(path, &options, &expected, &tally);
  if (verified != STATUS_OK) fuzz_failed(verified);
  return 0;
}
