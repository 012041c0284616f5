/* A stage of one rank without MPI, for the local functions of ingest. */
#ifndef FUZZ_STAGE_ALONE_H
#define FUZZ_STAGE_ALONE_H

#include "fuzz/fuzz.h"
#include "stages/stage.h"

/* Settings from assignments (NULL-terminated); they live as long as the program. */
static inline settings *stage_alone_settings(const char *const *assignments) {
  static arena memory;
  settings *s = NULL;
  FUZZ_HOLDS(settings_create(&memory, &s) == STATUS_OK);
  for (; *assignments != NULL; assignments++) FUZZ_HOLDS(settings_override(s, *assignments) == STATUS_OK);
  return s;
}

/* `c` says which rank of how many reads. */
static inline stage stage_alone(const comm *c, const settings *s, arena *a) {
  stage alone = {
      .comm = c, .settings = s, .job = "test", .night = "2024-05-01", .name = "ingest", .seed = 7, .arena = a};
  FUZZ_HOLDS(digest_key_load("", alone.seed, &alone.key) == STATUS_OK);
  return alone;
}

#endif
