/* io/manifest and io/stage_done: sealed JSON.
 * Input: which file, and whether it is sealed by us (so that what stands behind the digest is reached); the text. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "io/manifest.h"

/* What was read can be looked through, and balances or does not. */
static void read_manifest(arena *a) {
  manifest m;
  const status read = manifest_read(fuzz_folder(), a, &m);
  if (read != STATUS_OK) {
    fuzz_failed(read);
    return;
  }
  for (int i = 0; i < m.shard_count; i++) FUZZ_HOLDS(strlen(m.shards[i].digest) == DIGEST_TEXT - 1);
  const status verified = manifest_verify(fuzz_folder(), &m, a);
  if (verified != STATUS_OK) fuzz_failed(verified);
}

static void read_done(arena *a) {
  stage_done done;
  int found = 0;
  const status read = stage_done_read(fuzz_folder(), "ingest", a, &done, &found);
  if (read != STATUS_OK) {
    fuzz_failed(read);
    return;
  }
  FUZZ_HOLDS(found && done.work_count >= 0 && done.summary != NULL);
  if (done.peaks == NULL) return;
  int64_t most = 0;
  for (int i = 0; i < done.ranks; i++)
    if (done.peaks[i] > most) most = done.peaks[i];
  FUZZ_HOLDS(most >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  if (count < 1) return 0;
  arena a = {0};
  const int is_done = bytes[0] & 1, is_sealed = bytes[0] & 2;
  const char *name = is_done ? "work/ingest/DONE.json" : "MANIFEST.json";
  if (is_sealed)
    fuzz_file_sealed(name, bytes + 1, count - 1);
  else
    fuzz_file(name, bytes + 1, count - 1);
  if (is_done)
    read_done(&a);
  else
    read_manifest(&a);
  arena_free(&a);
  return 0;
}
