/* stages/ingest_people: the suppression list, and inputs.users; read whole and in ranges.
 * Input: which file it is, ranges, packing; the text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/hash.h"
#include "fuzz/stage_alone.h"
#include "stages/ingest_people.h"

typedef struct people {
  status result;
  int64_t suppressed, listed, rejected;
  uint64_t sum; /* over ids, in any order */
} people;

static void read_range(const settings *s, int index, int count, people *all) {
  arena a = {0};
  ingest_people found = {0};
  const comm c = {.rank = index, .size = count};
  const stage alone = stage_alone(&c, s, &a);
  const status result = ingest_people_read(&alone, &found);
  if (result != STATUS_OK) {
    fuzz_failed(result);
    all->result = result;
  }
  const user_id *ids = (const void *)found.suppressed.bytes;
  const int64_t suppressed = found.suppressed.used / (int64_t)sizeof *ids;
  for (int64_t i = 0; i < suppressed; i++) all->sum += hash_mix(ids[i].high ^ hash_mix(ids[i].low));
  for (int64_t i = 0; i < found.listed.count; i++) {
    FUZZ_HOLDS(ingest_table_name(&found.listed, i)[0] != '\0');
    FUZZ_HOLDS(ingest_people_language(ingest_table_at(&found.listed, i)->tally) <= INGEST_NO_LANGUAGE);
  }
  all->suppressed += suppressed;
  all->listed += found.rejects.read;
  for (int i = 0; i < INGEST_REASONS; i++) all->rejected += found.rejects.count[i];
  ingest_people_free(&found);
  arena_free(&a);
}

/* Settings that name FOLDER/NAME as `key`. */
static settings *settings_for(const char *key, const char *name) {
  static const char *assignments[4];
  char assignment[600];
  snprintf(assignment, sizeof assignment, "%s=%s/%s", key, fuzz_folder(), name);
  assignments[0] = assignment;
  assignments[1] = "inputs.users.columns.language=language";
  return stage_alone_settings(assignments);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  static settings *plain, *packed, *users;
  if (count < 1) return 0;
  if (plain == NULL) {
    plain = settings_for("inputs.suppression.path", "list.txt");
    packed = settings_for("inputs.suppression.path", "list.txt.zst");
    users = settings_for("inputs.users.path", "users.csv");
  }
  const settings *s = bytes[0] & 8 ? users : bytes[0] & 16 ? packed : plain;
  if (s == packed) {
    char room[1 << 16];
    const size_t used = ZSTD_compress(room, sizeof room, bytes + 1, count - 1, 1);
    if (ZSTD_isError(used)) return 0;
    fuzz_file("list.txt.zst", room, used);
  } else {
    fuzz_file(s == users ? "users.csv" : "list.txt", bytes + 1, count - 1);
  }
  people whole = {0}, parts = {0};
  const int ranges = 1 + bytes[0] % 8;
  read_range(s, 0, 1, &whole);
  for (int i = 0; i < ranges; i++) read_range(s, i, ranges, &parts);
  FUZZ_HOLDS((whole.result == STATUS_OK) == (parts.result == STATUS_OK));
  if (whole.result == STATUS_OK)
    FUZZ_HOLDS(whole.suppressed == parts.suppressed && whole.sum == parts.sum && whole.listed == parts.listed &&
               whole.rejected == parts.rejected);
  return 0;
}
