#include "cli/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/show_user.h"
#include "data/partition.h"
#include "io/digest.h"
#include "io/file.h"
#include "io/shard.h"
#include "io/work_file.h"

static const char help[] =
    "usage: nightmail show RUN --user ID\n"
    "Prints what the run knows of one user (ID as the platform writes it): profile, last events, candidates with "
    "scores,\n"
    "the decision and why, the message. Needs the run's work folder, and the key file if the job has one.\n";

/* The value of a line "path: value" of the run's settings; "" where there is none. */
static status setting(const char *settings, const char *path, arena *a, char **out) {
  const size_t length = strlen(path);
  for (const char *line = settings; line != NULL; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (strncmp(line, path, length) != 0 || line[length] != ':') continue;
    const char *value = line + length + 1;
    while (*value == ' ') value++;
    return arena_text(a, value, strcspn(value, "\n"), out);
  }
  return arena_text(a, "", 0, out);
}

typedef struct place {
  user_id id;
  int partition, partitions;
} place;

static status find_place(const char *run, const char *user, arena *a, place *out) {
  char *path, *settings, *seed, *key_file, *partitions;
  int64_t bytes;
  digest_key key;
  TRY(arena_print(a, &path, "%s/settings.txt", run));
  if (!file_exists(path)) return status_fail(STATUS_MISSING, "%s has no settings.txt: this is no run folder", run);
  TRY(file_read(path, a, &settings, &bytes));
  TRY(setting(settings, "seed", a, &seed));
  TRY(setting(settings, "privacy.key_file", a, &key_file));
  TRY(setting(settings, "partitions.users", a, &partitions));
  out->partitions = atoi(partitions);
  if (out->partitions < 1 || seed[0] == '\0')
    return status_fail(STATUS_DATA, "%s: does not say seed and partitions.users", path);
  TRY(digest_key_load(key_file, strtoull(seed, NULL, 10), &key));
  out->id = digest_user(&key, user, strlen(user));
  out->partition = partition_of(out->id, out->partitions);
  return STATUS_OK;
}

/* The path of a stage's file of this partition (of the whole stage where count is 0), and whether it is there. */
static status find_file(const char *run, const char *stage, const char *name, int index, int count, arena *a,
                        char **path, int *there) {
  TRY(work_file_path(a, run, stage, name, index, count, path));
  *there = file_exists(*path);
  return STATUS_OK;
}

static status load_profile(const char *run, const place *p, arena *a, show_user *u) {
  char *path, *words_path;
  int there, words_there;
  TRY(find_file(run, "profile", "profiles", p->partition, p->partitions, a, &path, &there));
  TRY(find_file(run, "profile", "words", 0, 0, a, &words_path, &words_there));
  if (!there || !words_there) return STATUS_OK;
  TRY(work_file_load_profiles(path, a, &u->profiles));
  TRY(work_file_load_words(words_path, u->items.count, a, &u->words));
  u->has_profile = 1;
  return show_user_check(u, path, u->profiles.count);
}

static status load_decision(const char *run, const place *p, arena *a, show_user *u) {
  char *path;
  TRY(find_file(run, "decide", "decisions", p->partition, p->partitions, a, &path, &u->has_decision));
  if (!u->has_decision) return STATUS_OK;
  TRY(work_file_load_decisions(path, a, &u->decisions));
  return show_user_check(u, path, u->decisions.count);
}

/* The reader stays open, since the message points into it. */
static status load_message(const char *run, const place *p, arena *a, shard_reader **reader, show_user *u) {
  char name[64], *path;
  shard_name(p->partition, p->partitions, name);
  TRY(arena_print(a, &path, "%s/%s", run, name));
  if (!file_exists(path)) return STATUS_OK;
  TRY(shard_reader_open(path, reader));
  return shard_reader_find(*reader, p->id, &u->message, &u->has_message);
}

static user_row find_user(const users *u, user_id id) {
  int32_t low = 0, high = u->count;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (user_id_compare(u->id[middle], id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < u->count && user_id_compare(u->id[low], id) == 0 ? low : -1;
}

static status load(const char *run, const char *user, arena *a, shard_reader **reader, show_user *u) {
  place p = {0};
  char *path;
  TRY(find_place(run, user, a, &p));
  TRY(work_file_path(a, run, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, a, &u->items));
  TRY(work_file_path(a, run, "ingest", "users", p.partition, p.partitions, &path));
  TRY(work_file_load_users(path, u->items.count, a, &u->users));
  u->row = find_user(&u->users, p.id);
  u->partition = p.partition;
  if (u->row < 0)
    return status_fail(STATUS_MISSING, "%s: knows no user of that id; ids are compared as they stand in the inputs",
                       run);
  TRY(load_profile(run, &p, a, u));
  TRY(load_decision(run, &p, a, u));
  return load_message(run, &p, a, reader, u);
}

status show_command(int argc, char **argv) {
  const char *run, *user = NULL;
  const arguments_option options[] = {{.name = "--user", .value = &user}};
  int wants_help;
  TRY(arguments_read(argc, argv, options, 1, &run, &wants_help));
  if (wants_help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  if (user == NULL || user[0] == '\0') return status_fail(STATUS_USAGE, "show: which user? Give --user ID");
  arena a = {0};
  shard_reader *reader = NULL;
  show_user u = {0};
  status result = load(run, user, &a, &reader, &u);
  if (result == STATUS_OK) {
    show_user_print(&u);
    result = arguments_flush();
  }
  shard_reader_close(reader);
  arena_free(&a);
  return result;
}
