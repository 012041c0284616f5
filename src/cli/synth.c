#include "cli/synth.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/progress.h"
#include "cli/synth_items.h"
#include "cli/synth_users.h"
#include "io/file.h"
#include "stages/bench_csv.h"

/* Events end before 2024-05-01T00:00:00Z. Fixed, so that a platform does not change with the day it is made on. */
static const int64_t end_time = 1714521600;

typedef struct wishes {
  const char *folder;
  int64_t users, items, events, seed, days;
  int is_matrix;
} wishes;

static const char *const usage =
    "usage: nightmail synth DIR [--users N] [--items M] [--seed S] [--events E] [--days D]\n"
    "\n"
    "Makes a platform with planted tastes: shops, news, travel and social posts in Chinese and English.\n"
    "  --users N   users, 5000 unless set\n"
    "  --items M   items, 800 unless set\n"
    "  --seed S    the same seed gives the same bytes; 1 unless set\n"
    "  --events E  about so many events; 40 a user unless set\n"
    "  --days D    days they are spread over, up to 2024-05-01; 60 unless set\n"
    "  --matrix    only who touched what, and fast: popularity by a power law, tastes by genre\n"
    "Writes DIR/items.csv, users.csv, events.csv and suppression.txt; with --matrix items.csv and events.csv.\n";

static status read_number(const char *option, const char *text, int64_t least, int64_t most, int64_t *out) {
  char *end = NULL;
  errno = 0;
  const long long value = text == NULL ? 0 : strtoll(text, &end, 10);
  if (text == NULL || end == text || *end != '\0' || errno != 0 || value < least || value > most)
    return status_fail(STATUS_USAGE, "synth: %s wants a whole number from %lld to %lld", option, (long long)least,
                       (long long)most);
  *out = value;
  return STATUS_OK;
}

static status read_wishes(int argc, char **argv, wishes *w) {
  const struct {
    const char *name;
    int64_t least, most, *out;
  } options[] = {
      {"--users", 1, INT32_MAX, &w->users},
      {"--items", 1, 100000000, &w->items},
      {"--events", 1, INT64_MAX / 64, &w->events},
      {"--seed", 0, INT64_MAX, &w->seed},
      {"--days", 1, 3650, &w->days},
  };
  for (int i = 1; i < argc; i++) {
    if (argv[i][0] != '-') {
      if (w->folder != NULL) return status_fail(STATUS_USAGE, "synth: one folder, please; %s is a second", argv[i]);
      w->folder = argv[i];
      continue;
    }
    if (strcmp(argv[i], "--matrix") == 0) {
      w->is_matrix = 1;
      continue;
    }
    size_t o = 0;
    while (o < sizeof options / sizeof *options && strcmp(options[o].name, argv[i]) != 0) o++;
    if (o == sizeof options / sizeof *options)
      return status_fail(STATUS_USAGE, "synth: there is no option %s; see: nightmail synth --help", argv[i]);
    TRY(read_number(argv[i], argv[i + 1], options[o].least, options[o].most, options[o].out));
    i++;
  }
  if (w->folder == NULL) return status_fail(STATUS_USAGE, "synth: which folder? See: nightmail synth --help");
  return STATUS_OK;
}

static status open_in(const wishes *w, const char *name, file_writer **out) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", w->folder, name) >= (int)sizeof path)
    return status_fail(STATUS_USAGE, "synth: the folder's name is too long");
  return file_writer_open(path, out);
}

static status write_items(const wishes *w, const synth_items *items) {
  file_writer *file = NULL;
  TRY(open_in(w, "items.csv", &file));
  const status written = synth_items_write(items, file);
  if (written == STATUS_OK) return file_writer_commit(file);
  file_writer_abandon(file);
  return written;
}

typedef struct user_files {
  file_writer *users, *events, *suppression;
} user_files;

static status write_user(const synth_user *u, user_files *f) {
  char line[64];
  int length = snprintf(line, sizeof line, "u%lld,%s\n", (long long)u->index + 1,
                        u->language < 0 ? "" : language_name((language)u->language));
  TRY(file_writer_append(f->users, line, (size_t)length));
  if (!u->suppressed) return STATUS_OK;
  length = snprintf(line, sizeof line, "u%lld\n", (long long)u->index + 1);
  return file_writer_append(f->suppression, line, (size_t)length);
}

static status write_users(const wishes *w, const synth_items *items, user_files *f) {
  static const char users_header[] = "user,language\n", events_header[] = "user,item,time,kind,price\n";
  TRY(file_writer_append(f->users, users_header, sizeof users_header - 1));
  TRY(file_writer_append(f->events, events_header, sizeof events_header - 1));
  progress bar = progress_start("synth", w->users, 0);
  const double mean = (double)w->events / (double)w->users;
  int64_t rows = 0, damaged = 0;
  for (int64_t i = 0; i < w->users; i++) {
    const synth_user u = synth_users_draw(items, i, mean, (int)w->days);
    TRY(write_user(&u, f));
    TRY(synth_users_write_events(items, &u, end_time - w->days * 86400, f->events, &rows, &damaged));
    progress_at(&bar, i + 1, NULL);
  }
  progress_end(&bar, NULL);
  /* An empty list would look like one that was cut off. */
  if (file_writer_offset(f->suppression) == 0) TRY(file_writer_append(f->suppression, "\n", 1));
  printf("%s: %lld users, %lld items, %lld rows of events (%lld of them damaged on purpose)\n", w->folder,
         (long long)w->users, (long long)w->items, (long long)rows, (long long)damaged);
  return STATUS_OK;
}

static status commit(status before, file_writer *w) {
  if (before == STATUS_OK) return file_writer_commit(w);
  file_writer_abandon(w);
  return before;
}

static status write_platform(const wishes *w, arena *a) {
  synth_items items;
  user_files f = {0};
  TRY(file_make_folder(w->folder));
  TRY(synth_items_create(w->items, end_time, (int)w->days, (uint64_t)w->seed, a, &items));
  TRY(write_items(w, &items));
  status result = open_in(w, "users.csv", &f.users);
  if (result == STATUS_OK) result = open_in(w, "suppression.txt", &f.suppression);
  if (result == STATUS_OK) result = open_in(w, "events.csv", &f.events);
  if (result == STATUS_OK) result = write_users(w, &items, &f);
  result = commit(result, f.users);
  result = commit(result, f.suppression);
  return commit(result, f.events);
}

static status write_matrix(const wishes *w) {
  bench_csv m = {w->folder, w->users, w->items, w->events, .seed = w->seed, .days = w->days, .end = end_time};
  TRY(bench_csv_write(&m));
  printf("%s: %lld users, %lld items, %lld events\n", w->folder, (long long)w->users, (long long)w->items,
         (long long)m.rows);
  return STATUS_OK;
}

status synth_command(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--help") == 0) {
    fputs(usage, stdout);
    return STATUS_OK;
  }
  wishes w = {.users = 5000, .items = 800, .seed = 1, .days = 60};
  TRY(read_wishes(argc, argv, &w));
  if (w.events == 0) w.events = 40 * w.users;
  if (w.is_matrix) return write_matrix(&w);
  arena a = {0};
  const status result = write_platform(&w, &a);
  arena_free(&a);
  return result;
}
