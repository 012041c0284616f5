#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "data/decision.h"
#include "io/file.h"
#include "io/manifest.h"

/* One sum of accounts that must come to a total. */
static status balance(const char *run, const char *what, const accounts *a, int64_t total, const char *of) {
  for (int i = 0; i < a->count; i++)
    if (a->entry[i].count < 0)
      return status_fail(STATUS_DATA, "%s/MANIFEST.json: fewer than no %s \"%s\"", run, what, a->entry[i].name);
  if (accounts_total(a) != total)
    return status_fail(STATUS_DATA, "%s/MANIFEST.json: does not balance: the %s add up to %lld, but there are %lld %s",
                       run, what, (long long)accounts_total(a), (long long)total, of);
  return STATUS_OK;
}

static status check_accounts(const char *run, const manifest *m) {
  int64_t records = 0;
  for (int i = 0; i < m->shard_count; i++) records = accounts_sum(records, m->shards[i].records);
  const int64_t messages = accounts_get(&m->users, outcome_name(OUTCOME_MESSAGE));
  TRY(balance(run, "rows", &m->rows, m->rows_read, "rows read"));
  TRY(balance(run, "users", &m->users, m->users_known, "users known"));
  TRY(balance(run, "messages by source", &m->sources, messages, "messages"));
  TRY(balance(run, "messages by language", &m->languages, messages, "messages"));
  if (records != messages)
    return status_fail(STATUS_DATA, "%s/MANIFEST.json: does not balance: its shards hold %lld of %lld messages", run,
                       (long long)records, (long long)messages);
  return STATUS_OK;
}

static status check_names(const char *run, const manifest *m) {
  char name[64];
  if (m->shard_count < 1 || (m->shard_count & (m->shard_count - 1)) != 0)
    return status_fail(STATUS_DATA, "%s/MANIFEST.json: names %d shards, which is no power of two", run, m->shard_count);
  for (int i = 0; i < m->shard_count; i++) {
    shard_name(i, m->shard_count, name);
    if (strcmp(m->shards[i].name, name) != 0)
      return status_fail(STATUS_DATA, "%s/MANIFEST.json: names %s where %s should be", run, m->shards[i].name, name);
  }
  return STATUS_OK;
}

/* The names have been checked: shard i bears the number i. */
static int is_named(const manifest *m, const char *name) {
  int i;
  return sscanf(name, "messages-%d-of-", &i) == 1 && i >= 0 && i < m->shard_count &&
         strcmp(m->shards[i].name, name) == 0;
}

/* Whoever reads the folder by pattern must find the shards of this night and no others. */
static status check_folder(const char *run, const manifest *m) {
  DIR *folder = opendir(run);
  if (folder == NULL) return file_fault(run, "list the folder", errno);
  status result = STATUS_OK;
  errno = 0;
  for (const struct dirent *entry; result == STATUS_OK && (entry = readdir(folder)) != NULL; errno = 0)
    if (strncmp(entry->d_name, "messages-", 9) == 0 && !is_named(m, entry->d_name))
      result = status_fail(STATUS_DATA, "%s/%s: is not in the manifest; remove it if it is of an older run", run,
                           entry->d_name);
  if (result == STATUS_OK && errno != 0) result = file_fault(run, "list the folder", errno);
  closedir(folder);
  return result;
}

/* Work files may have been cleared away after the night; those that are still there must be what was used. */
static status check_models(const char *run, const manifest *m, arena *a) {
  for (int i = 0; i < m->model_count; i++) {
    char *path, digest[DIGEST_TEXT];
    TRY(arena_print(a, &path, "%s/%s", run, m->models[i].path));
    if (!file_exists(path)) continue;
    TRY(digest_file(path, digest));
    if (strcmp(digest, m->models[i].digest) != 0)
      return status_fail(STATUS_DATA, "%s: is not the model that the messages were made with", path);
  }
  return STATUS_OK;
}

static status check_tally(const char *run, const manifest *m, const shard_tally *t) {
  for (int s = 0; s < SOURCE_COUNT; s++)
    if (t->sources[s] != accounts_get(&m->sources, source_name((source)s)))
      return status_fail(STATUS_DATA, "%s: the shards hold %lld messages of source %s, but the manifest says %lld", run,
                         (long long)t->sources[s], source_name((source)s),
                         (long long)accounts_get(&m->sources, source_name((source)s)));
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    if (t->languages[l] != accounts_get(&m->languages, language_name((language)l)))
      return status_fail(STATUS_DATA, "%s: the shards hold %lld messages in language %s, but the manifest says %lld",
                         run, (long long)t->languages[l], language_name((language)l),
                         (long long)accounts_get(&m->languages, language_name((language)l)));
  return STATUS_OK;
}

/* Within a shard users ascend strictly, and each stands in the shard of its partition: so none is there twice. */
status manifest_verify(const char *run, manifest *out, arena *a) {
  shard_tally tally = {0};
  TRY(manifest_read(run, a, out));
  TRY(check_accounts(run, out));
  TRY(check_names(run, out));
  TRY(check_folder(run, out));
  for (int i = 0; i < out->shard_count; i++) {
    const shard_options options = {.job = out->job, .night = out->night, .index = i, .count = out->shard_count};
    char *path;
    TRY(arena_print(a, &path, "%s/%s", run, out->shards[i].name));
    TRY(shard_verify(path, &options, &out->shards[i], &tally));
  }
  TRY(check_tally(run, out, &tally));
  return check_models(run, out, a);
}
