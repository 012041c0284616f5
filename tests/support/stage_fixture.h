/* Running a stage in a test: settings from assignments, a run folder, ranks together or one rank alone. */
#ifndef SUPPORT_STAGE_FIXTURE_H
#define SUPPORT_STAGE_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "io/file.h"
#include "io/work_file.h"
#include "stages/stage.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"

/* A run of this test's ranks together in FOLDER/together-NAME, or of this rank alone in FOLDER/alone-RANK-NAME. */
typedef struct fixture {
  arena memory;
  settings *settings;
  char run[512];
  const comm *comm;
  stage_purpose purpose; /* a night, unless set after fixture_open */
} fixture;

static inline void fixture_open(fixture *f, const char *name, int alone, const char *const *assignments) {
  *f = (fixture){.comm = mpi_suite_comm};
  if (alone) {
    f->comm = mpi_solo();
    snprintf(f->run, sizeof f->run, "%s/alone-%d-%s", mpi_suite_folder(), mpi_suite_comm->rank, name);
  } else {
    snprintf(f->run, sizeof f->run, "%s/together-%s", mpi_suite_folder(), name);
  }
  CU_ASSERT_EQUAL(settings_create(&f->memory, &f->settings), STATUS_OK);
  for (; *assignments != NULL; assignments++) {
    const status set = settings_override(f->settings, *assignments);
    if (set != STATUS_OK) fprintf(stderr, "%s\n", status_text());
    CU_ASSERT_EQUAL(set, STATUS_OK);
  }
}

static inline void fixture_close(fixture *f) { arena_free(&f->memory); }

static inline status fixture_run(fixture *f, const char *name, status (*run)(stage *s)) {
  arena memory = {0};
  char folder[600];
  snprintf(folder, sizeof folder, "%s/work/%s", f->run, name);
  if (f->comm->rank == 0) CU_ASSERT_EQUAL(file_make_folder(folder), STATUS_OK);
  comm_barrier(f->comm);
  stage s = {.comm = f->comm,
             .settings = f->settings,
             .run = f->run,
             .job = "test",
             .night = "2024-05-01",
             .name = name,
             .fingerprint = "none",
             .purpose = f->purpose,
             .seed = 7,
             .quiet = 1,
             .arena = &memory,
             .started = clock_now()};
  CU_ASSERT_EQUAL(digest_key_load("", s.seed, &s.key), STATUS_OK);
  const status result = run(&s);
  arena_free(&memory);
  comm_barrier(f->comm);
  return result;
}

/* A number of a finished stage; -1 if the stage or the number is not there. */
static inline int64_t fixture_number(const fixture *f, const char *stage_name, const char *number) {
  arena memory = {0};
  stage_done done;
  int found = 0;
  int64_t value = -1;
  if (stage_done_read(f->run, stage_name, &memory, &done, &found) == STATUS_OK && found)
    for (int i = 0; i < done.numbers.count; i++)
      if (strcmp(done.numbers.entry[i].name, number) == 0) value = done.numbers.entry[i].count;
  arena_free(&memory);
  return value;
}

/* RUN/work/NAME holds the same bytes in both runs. */
static inline int fixture_same(const fixture *a, const fixture *b, const char *name) {
  char path[900], one[DIGEST_TEXT] = "1", two[DIGEST_TEXT] = "2";
  snprintf(path, sizeof path, "%s/work/%s", a->run, name);
  if (digest_file(path, one) != STATUS_OK) return 0;
  snprintf(path, sizeof path, "%s/work/%s", b->run, name);
  return digest_file(path, two) == STATUS_OK && strcmp(one, two) == 0;
}

/* The same for NAME-I-of-COUNT.nmt, for all I. */
static inline int fixture_same_all(const fixture *a, const fixture *b, const char *name, int count) {
  char path[200];
  int same = 1;
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s-%05d-of-%05d.nmt", name, i, count);
    same = same && fixture_same(a, b, path);
  }
  return same;
}

/* FOLDER/NAME with this text, written by rank 0; the path stays valid until the next call with the same `room`. */
static inline const char *fixture_file(char room[600], const char *name, const char *text) {
  snprintf(room, 600, "%s/%s", mpi_suite_folder(), name);
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(file_write(room, text, strlen(text)), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  return room;
}

/* "KEY=PATH" */
static inline const char *fixture_path(char room[700], const char *key, const char *path) {
  snprintf(room, 700, "%s=%s", key, path);
  return room;
}

/* The users of one partition of a finished ingest, and its catalogue. */
static inline status fixture_users(const fixture *f, int index, int count, int32_t items, arena *a, users *out) {
  char *path = NULL;
  TRY(work_file_path(a, f->run, "ingest", "users", index, count, &path));
  return work_file_load_users(path, items, a, out);
}

static inline status fixture_catalogue(const fixture *f, arena *a, catalogue *out) {
  char *path = NULL;
  TRY(work_file_path(a, f->run, "ingest", "items", 0, 0, &path));
  return work_file_load_catalogue(path, a, out);
}

#endif
