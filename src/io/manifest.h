/* MANIFEST.json: what a finished night consists of, written last; and the accounts that must balance. */
#ifndef IO_MANIFEST_H
#define IO_MANIFEST_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "io/accounts.h"
#include "io/shard.h"
#include "io/stage_done.h"

typedef struct manifest_input {
  const char *name; /* as in the settings: "inputs.interactions" */
  const char *path;
  int64_t bytes;
  char digest[DIGEST_TEXT];
} manifest_input;

typedef struct manifest {
  const char *job, *night, *version;
  const char *settings_digest; /* BLAKE2b-256 of the effective settings */
  int64_t seed;
  accounts rows; /* accepted, and rejected by reason; sums to rows_read */
  int64_t rows_read;
  accounts users; /* enum outcome by name; sums to users_known */
  int64_t users_known;
  accounts sources;   /* messages by enum source */
  accounts languages; /* messages by language */
  accounts reasons;   /* users by finer reason: "suppression list", "bought everything", … may be empty */
  int input_count;
  manifest_input *inputs;
  int model_count;
  manifest_input *models; /* name, path relative to the run, bytes, digest */
  int shard_count;
  shard_summary *shards;
  int stage_count;
  stage_done *stages;
} manifest;

/* Writes RUN/MANIFEST.json, committed by rename, with a BLAKE2b-256 of its own contents as the last member. */
status manifest_write(const char *run, const manifest *m);

/* Fails: STATUS_MISSING ("… has no MANIFEST.json: the night is not finished"), STATUS_DATA. */
status manifest_read(const char *run, arena *a, manifest *out);

/* The whole proof: the manifest's own digest, its accounts, that every shard it names is there, whole, of this job and
 * night and holds what it says (shard_verify), that no message file is there which it does not name, that models which
 * are still in the run folder are those that were used. Fails: STATUS_DATA, STATUS_MISSING or STATUS_IO with one
 * sentence. */
status manifest_verify(const char *run, manifest *out, arena *a);

#endif
