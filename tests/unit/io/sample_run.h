/* A small finished run for tests: two shards, five messages in two languages, with everything that is hard to print. */
#ifndef UNIT_IO_SAMPLE_RUN_H
#define UNIT_IO_SAMPLE_RUN_H

#include <stdio.h>
#include <string.h>

#include "data/decision.h"
#include "data/profile.h"
#include "io/file.h"
#include "io/manifest.h"
#include "support/suite.h"

enum { SAMPLE_SHARDS = 2, SAMPLE_MESSAGES = 5 };

static inline message sample_message(int i) {
  static const char *const texts[SAMPLE_MESSAGES] = {"【今日推荐】一款智能手表，时尚又实用！💪",
                                                     "He said \"look\", then\nleft\t— 20% ✈️", "=1+1",
                                                     "plain, with a comma", "because \\ of 👩‍👩‍👧"};
  static const char *const names[SAMPLE_MESSAGES] = {"u-1", "@two", "u 3", "-4", "用户5"};
  /* the first three users fall into shard 0 of 2, the others into shard 1 */
  static const uint64_t high[SAMPLE_MESSAGES] = {1, 1, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF};
  return (message){.user = {high[i], (uint64_t)i},
                   .user_name = names[i],
                   .item_name = "A,1",
                   .text = texts[i],
                   .template_text = "<title>",
                   .language = i % 2 == 0 ? LANGUAGE_ZH : LANGUAGE_EN,
                   .tone = (tone)(i % TONE_COUNT),
                   .source = i == 4 ? SOURCE_TEMPLATE : SOURCE_GENERATED,
                   .reason = i == 0 ? "因为你买过“X”" : "",
                   .score = 0.25f * (float)i,
                   .probability = 0.5f,
                   .key = 0xFEDCBA9876543210u + (uint64_t)i,
                   .hour = i == 1 ? PROFILE_NO_HOUR : (uint8_t)(i * 5)};
}

static inline shard_options sample_options(const char *job, int index, int64_t frame_bytes) {
  return (shard_options){.job = job,
                         .night = "2024-05-01",
                         .index = index,
                         .count = SAMPLE_SHARDS,
                         .frame_bytes = frame_bytes,
                         .level = 3};
}

/* Writes messages [from, to) as shard `index` of the folder. */
static inline status sample_shard(const char *run, const char *job, int index, int from, int to, int64_t frame_bytes,
                                  shard_summary *out) {
  char name[64], path[1024];
  shard_name(index, SAMPLE_SHARDS, name);
  snprintf(path, sizeof path, "%s/%s", run, name);
  const shard_options options = sample_options(job, index, frame_bytes);
  shard_writer *w;
  TRY(shard_writer_open(path, &options, &w));
  status result = STATUS_OK;
  for (int i = from; i < to && result == STATUS_OK; i++) {
    const message m = sample_message(i);
    result = shard_writer_append(w, &m);
  }
  if (result == STATUS_OK) return shard_writer_commit(w, out);
  shard_writer_abandon(w);
  return result;
}

static inline manifest sample_manifest(const char *job, shard_summary *shards) {
  manifest m = {.job = job,
                .night = "2024-05-01",
                .version = "0.1.0",
                .settings_digest = "s",
                .seed = 7,
                .rows_read = 12,
                .users_known = 8,
                .shard_count = SAMPLE_SHARDS,
                .shards = shards};
  accounts_add(&m.rows, "accepted", 10);
  accounts_add(&m.rows, "bad_quote", 2);
  accounts_add(&m.users, outcome_name(OUTCOME_MESSAGE), SAMPLE_MESSAGES);
  accounts_add(&m.users, outcome_name(OUTCOME_HELD_OUT), 3);
  accounts_add(&m.sources, source_name(SOURCE_GENERATED), 4);
  accounts_add(&m.sources, source_name(SOURCE_TEMPLATE), 1);
  accounts_add(&m.languages, "zh", 3);
  accounts_add(&m.languages, "en", 2);
  return m;
}

/* A whole run in `run`, which is made if it is not there. */
static inline status sample_run(const char *run, const char *job) {
  shard_summary shards[SAMPLE_SHARDS];
  TRY(file_make_folder(run));
  TRY(sample_shard(run, job, 0, 0, 3, 4096, &shards[0]));
  TRY(sample_shard(run, job, 1, 3, 5, 4096, &shards[1]));
  const manifest m = sample_manifest(job, shards);
  return manifest_write(run, &m);
}

#endif
