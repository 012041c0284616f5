/* MANIFEST.json: what a finished night consists of, written last; and the accounts that must balance.
 * Also the smaller RUN/work/STAGE/DONE.json with which each stage commits. Written by hand, read with jansson. */
#ifndef IO_MANIFEST_H
#define IO_MANIFEST_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "io/shard.h"

/* A count by reason, such as {"cancelled", 8905}. */
typedef struct account {
  const char *name;
  int64_t count;
} account;

enum { MANIFEST_ACCOUNTS_MOST = 64 };

typedef struct accounts {
  int count;
  account entry[MANIFEST_ACCOUNTS_MOST];
} accounts;

void accounts_add(accounts *a, const char *name, int64_t count); /* adds to an entry of that name, or appends one */
int64_t accounts_get(const accounts *a, const char *name);       /* 0 if there is none */
int64_t accounts_total(const accounts *a);

/* How a stage ended. */
typedef struct stage_done {
  const char *stage;
  const char *fingerprint; /* of its settings, its inputs, and the stages before it */
  accounts numbers;        /* integers that later stages and the manifest need, such as "users", "rows" */
  double seconds;          /* of this stage, slowest rank */
  int ranks;
  int64_t peak_bytes;      /* resident, largest over ranks */
  int64_t peak_bytes_sum;  /* over ranks */
  int64_t *work;           /* [work_count]: of each logical partition, for cutting them; NULL if unchanged */
  int work_count;
  const char *summary;     /* one line of JSON members for the report ("\"recall@20\": 0.31, …"), or "" */
} stage_done;

status stage_done_write(const char *run, const stage_done *d);
/* *found is 0 if there is none. Fails: STATUS_DATA when damaged. */
status stage_done_read(const char *run, const char *stage, arena *a, stage_done *out, int *found);

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
  accounts rows;       /* accepted, and rejected by reason; sums to rows_read */
  int64_t rows_read;
  accounts users;      /* enum outcome by name; sums to users_known */
  int64_t users_known;
  accounts sources;    /* messages by enum source */
  accounts languages;  /* messages by language */
  accounts reasons;    /* users by finer reason: "suppression list", "bought everything", … may be empty */
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

/* The whole proof: the manifest's own digest, its accounts, that it belongs to this run (job and night as in every shard's
 * header), every shard by shard_verify, no message file that the manifest does not name, no user twice.
 * Fails: STATUS_DATA or STATUS_MISSING with one sentence. */
status manifest_verify(const char *run, manifest *out, arena *a);

#endif
