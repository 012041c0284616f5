#include "stages/checkpoint.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "io/file.h"
#include "io/log_reader.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"

enum { PARTS = 5, SHARED = 1000 };

/* A phase with a table that only even ranks hold, a number that all hold, and partitions of different sizes, one of
 * them empty. */
typedef struct scene {
  arena memory;
  char run[512];
  stage s;
  checkpoint_state state;
  checkpoint saved;
  float *table;         /* [SHARED], NULL on odd ranks */
  int64_t number;       /* of all */
  int64_t *part[PARTS]; /* [rows of it], NULL where they are another rank's */
  int64_t step;         /* that was restored */
} scene;

static int64_t rows_of(int part) { return 3 * part; }

static float table_value(int64_t step, int i) { return (float)step + (float)i / 3; }

static int64_t part_value(int64_t step, int part, int64_t row) { return (step << 32) + part * 1000 + row; }

static void fill(scene *c, int64_t step) {
  for (int i = 0; c->table != NULL && i < SHARED; i++) c->table[i] = table_value(step, i);
  c->number = step * 7;
  for (int p = c->state.first; p < c->state.first + c->state.count; p++)
    for (int64_t r = 0; r < rows_of(p); r++) c->part[p][r] = part_value(step, p, r);
}

static int holds(const scene *c, int64_t step) {
  int same = c->number == step * 7;
  for (int i = 0; c->table != NULL && i < SHARED; i++) same = same && c->table[i] == table_value(step, i);
  for (int p = c->state.first; p < c->state.first + c->state.count; p++)
    for (int64_t r = 0; r < rows_of(p); r++) same = same && c->part[p][r] == part_value(step, p, r);
  return same;
}

static void describe(scene *c, const comm *ranks) {
  checkpoint_state *s = &c->state;
  s->parts = PARTS;
  s->first = (int)partition_start(PARTS, ranks->size, ranks->rank);
  s->count = (int)partition_start(PARTS, ranks->size, ranks->rank + 1) - s->first;
  if (ranks->rank % 2 == 0) CU_ASSERT_EQUAL(ARENA(&c->memory, SHARED, &c->table), STATUS_OK);
  tensor_file_add(&s->shared, "table", TENSOR_F32, SHARED, 1, c->table);
  tensor_file_add(&s->shared, "number", TENSOR_I64, 1, 1, &c->number);
  CU_ASSERT_EQUAL(ARENA(&c->memory, s->count, &s->part), STATUS_OK);
  for (int i = 0; i < s->count; i++) {
    const int p = s->first + i;
    CU_ASSERT_EQUAL(ARENA(&c->memory, rows_of(p), &c->part[p]), STATUS_OK);
    tensor_file_add(&s->part[i], "rows", TENSOR_I64, rows_of(p), 1, c->part[p]);
  }
}

/* Fresh memory, and what is in the run folder NAME. */
static status start(scene *c, const comm *ranks, const char *name, const char *fingerprint, const char *seconds) {
  *c = (scene){.step = -2};
  settings *set = NULL;
  char assignment[64];
  snprintf(c->run, sizeof c->run, "%s/%s", mpi_suite_folder(), name);
  snprintf(assignment, sizeof assignment, "layout.checkpoint_seconds=%s", seconds);
  CU_ASSERT_EQUAL(settings_create(&c->memory, &set), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(set, assignment), STATUS_OK);
  c->s = (stage){.comm = ranks, .settings = set, .run = c->run, .name = "test", .fingerprint = fingerprint};
  c->s.arena = &c->memory;
  if (ranks->rank == 0) {
    char log[600];
    CU_ASSERT_EQUAL(file_make_folder(c->run), STATUS_OK);
    snprintf(log, sizeof log, "%s/log.jsonl", c->run);
    CU_ASSERT_EQUAL(log_open(log, &c->s.log), STATUS_OK);
  }
  describe(c, ranks);
  return checkpoint_open(&c->s, "phase", &c->state, &c->saved, &c->step);
}

static void end(scene *c) {
  log_close(c->s.log);
  arena_free(&c->memory);
}

/* Steps [from, to], each of them saved. */
static void steps(const comm *ranks, const char *name, int64_t from, int64_t to) {
  scene c;
  CU_ASSERT_EQUAL(start(&c, ranks, name, "night", "0"), STATUS_OK);
  for (int64_t step = from; step <= to; step++) {
    fill(&c, step);
    CU_ASSERT_EQUAL(checkpoint_at(&c.saved, step), STATUS_OK);
  }
  end(&c);
}

/* A start that must find this step and its memory. */
static void expect(const comm *ranks, const char *name, int64_t step) {
  scene c;
  CU_ASSERT_EQUAL(start(&c, ranks, name, "night", "0"), STATUS_OK);
  CU_ASSERT_EQUAL(c.step, step);
  CU_ASSERT_TRUE(step < 0 || holds(&c, step));
  end(&c);
}

static void path_in(const char *name, const char *file, char out[700]) {
  snprintf(out, 700, "%s/%s/work/test/%s", mpi_suite_folder(), name, file);
}

/* Rank 0 reads a file, changes it, and puts it to `to`; the others wait. */
typedef enum change { FLIP, CUT, REMOVE, COPY } change;

static void alter(const char *name, change what, const char *from, const char *to) {
  comm_barrier(mpi_suite_comm);
  if (mpi_suite_comm->rank == 0) {
    arena a = {0};
    char path[700], *bytes = NULL;
    int64_t count = 0;
    path_in(name, from, path);
    CU_ASSERT_EQUAL(file_read(path, &a, &bytes, &count), STATUS_OK);
    if (what == FLIP) bytes[count / 2] = (char)(bytes[count / 2] ^ 1);
    if (what == CUT) count /= 2;
    path_in(name, to, path);
    CU_ASSERT_EQUAL(what == REMOVE ? file_remove(path) : file_write(path, bytes, (size_t)count), STATUS_OK);
    arena_free(&a);
  }
  comm_barrier(mpi_suite_comm);
}

static int events(const char *name, const char *event) {
  arena a = {0};
  log_entries log;
  int count = 0;
  char path[700];
  snprintf(path, sizeof path, "%s/%s/log.jsonl", mpi_suite_folder(), name);
  CU_ASSERT_EQUAL(log_reader_read(path, &a, &log), STATUS_OK);
  for (int64_t i = 0; i < log.count; i++) count += strcmp(log.entry[i].event, event) == 0;
  arena_free(&a);
  return count;
}

static void what_is_saved_comes_back_in_every_bit(void) {
  expect(mpi_suite_comm, "plain", -1);
  steps(mpi_suite_comm, "plain", 1, 1);
  expect(mpi_suite_comm, "plain", 1);
  steps(mpi_suite_comm, "plain", 2, 7);
  expect(mpi_suite_comm, "plain", 7);
  if (mpi_suite_comm->rank != 0) return;
  CU_ASSERT_EQUAL(events("plain", "checkpoint"), 7);
  CU_ASSERT_EQUAL(events("plain", "resumed"), 3);
  CU_ASSERT_EQUAL(events("plain", "checkpoint_damaged"), 0);
}

static void another_number_of_ranks_goes_on(void) {
  steps(mpi_suite_comm, "ranks", 1, 3);
  if (mpi_suite_comm->rank == 0) {
    expect(mpi_solo(), "ranks", 3);
    steps(mpi_solo(), "ranks", 4, 4);
  }
  comm_barrier(mpi_suite_comm);
  expect(mpi_suite_comm, "ranks", 4);
  steps(mpi_suite_comm, "ranks", 5, 5);
  if (mpi_suite_comm->rank == 0) expect(mpi_solo(), "ranks", 5);
  comm_barrier(mpi_suite_comm);
}

/* Generation 3 stands in phase-1, generation 2 in phase-0. */
static void damage_falls_back_to_the_other_generation(void) {
  static const struct {
    const char *name;
    change what;
    const char *from, *to;
  } damage[] = {
      {"flip", FLIP, "phase-1/part-00004-of-00005.nmt", "phase-1/part-00004-of-00005.nmt"},
      {"flip_shared", FLIP, "phase-1/shared.nmt", "phase-1/shared.nmt"},
      {"flip_head", FLIP, "phase-1/CHECKPOINT.json", "phase-1/CHECKPOINT.json"},
      {"cut", CUT, "phase-1/part-00002-of-00005.nmt", "phase-1/part-00002-of-00005.nmt"},
      {"cut_head", CUT, "phase-1/CHECKPOINT.json", "phase-1/CHECKPOINT.json"},
      {"missing", REMOVE, "phase-1/part-00003-of-00005.nmt", "phase-1/part-00003-of-00005.nmt"},
      {"older_part", COPY, "phase-0/part-00001-of-00005.nmt", "phase-1/part-00001-of-00005.nmt"},
      {"older_shared", COPY, "phase-0/shared.nmt", "phase-1/shared.nmt"},
      {"older_head", COPY, "phase-0/CHECKPOINT.json", "phase-1/CHECKPOINT.json"},
      {"other_part", COPY, "phase-1/part-00001-of-00005.nmt", "phase-1/part-00002-of-00005.nmt"},
  };
  for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
    const char *name = damage[i].name;
    steps(mpi_suite_comm, name, 1, 3);
    alter(name, damage[i].what, damage[i].from, damage[i].to);
    expect(mpi_suite_comm, name, 2);
    if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(events(name, "checkpoint_damaged"), 1);
    steps(mpi_suite_comm, name, 3, 3);
    expect(mpi_suite_comm, name, 3);
  }
}

static void without_a_head_there_is_no_generation(void) {
  steps(mpi_suite_comm, "headless", 1, 3);
  alter("headless", REMOVE, "phase-1/CHECKPOINT.json", "phase-1/CHECKPOINT.json");
  expect(mpi_suite_comm, "headless", 2);
  alter("headless", REMOVE, "phase-0/CHECKPOINT.json", "phase-0/CHECKPOINT.json");
  expect(mpi_suite_comm, "headless", -1);
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(events("headless", "checkpoint_damaged"), 0);
  comm_barrier(mpi_suite_comm);
  steps(mpi_suite_comm, "headless", 1, 2);
  expect(mpi_suite_comm, "headless", 2);
}

static void nothing_good_is_refused(void) {
  static const char *const last[] = {"phase-0/part-00004-of-00005.nmt", "phase-0/CHECKPOINT.json"};
  for (int i = 0; i < 2; i++) {
    const char *name = i == 0 ? "refused" : "refused_head";
    scene c;
    steps(mpi_suite_comm, name, 1, 2);
    alter(name, FLIP, "phase-1/shared.nmt", "phase-1/shared.nmt");
    alter(name, FLIP, last[i], last[i]);
    CU_ASSERT_EQUAL(start(&c, mpi_suite_comm, name, "night", "0"), STATUS_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "/work/test"));
    CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "--from test"));
    end(&c);
  }
}

/* What will be needed if the next save is killed is read back first; where it is damaged, it is what is given up. */
static void a_good_generation_is_never_written_over_for_a_damaged_one(void) {
  scene c;
  CU_ASSERT_EQUAL(start(&c, mpi_suite_comm, "kept", "night", "0"), STATUS_OK);
  for (int64_t step = 1; step <= 2; step++) {
    fill(&c, step);
    CU_ASSERT_EQUAL(checkpoint_at(&c.saved, step), STATUS_OK);
  }
  alter("kept", FLIP, "phase-0/part-00004-of-00005.nmt", "phase-0/part-00004-of-00005.nmt");
  fill(&c, 3);
  CU_ASSERT_EQUAL(checkpoint_at(&c.saved, 3), STATUS_OK);
  CU_ASSERT_EQUAL(c.saved.generation, 4);
  end(&c);
  expect(mpi_suite_comm, "kept", 3);
  alter("kept", FLIP, "phase-0/shared.nmt", "phase-0/shared.nmt");
  expect(mpi_suite_comm, "kept", 1);
}

static void another_night_is_forgotten(void) {
  scene c;
  char path[700];
  steps(mpi_suite_comm, "other", 1, 2);
  alter("other", FLIP, "phase-0/shared.nmt", "phase-0/shared.nmt");
  CU_ASSERT_EQUAL(start(&c, mpi_suite_comm, "other", "another night", "0"), STATUS_OK);
  CU_ASSERT_EQUAL(c.step, -1);
  end(&c);
  path_in("other", "phase-1/CHECKPOINT.json", path);
  CU_ASSERT_FALSE(file_exists(path));
  expect(mpi_suite_comm, "other", -1);
}

static void a_commit_clears_them(void) {
  scene c;
  char path[700];
  arena a = {0};
  checkpoint_head *heads = NULL;
  int count = 0;
  steps(mpi_suite_comm, "cleared", 1, 2);
  CU_ASSERT_EQUAL(start(&c, mpi_suite_comm, "cleared", "night", "0"), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_list(c.run, "test", &a, &heads, &count), STATUS_OK);
  CU_ASSERT_EQUAL(count, 2);
  comm_barrier(mpi_suite_comm);
  CU_ASSERT_EQUAL(checkpoint_clear(&c.s), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  CU_ASSERT_EQUAL(checkpoint_list(c.run, "test", &a, &heads, &count), STATUS_OK);
  CU_ASSERT_EQUAL(count, 0);
  path_in("cleared", "phase-0", path);
  CU_ASSERT_FALSE(file_exists(path));
  end(&c);
  arena_free(&a);
}

static void a_short_phase_saves_nothing(void) {
  scene c;
  CU_ASSERT_EQUAL(start(&c, mpi_suite_comm, "short", "night", "300"), STATUS_OK);
  fill(&c, 1);
  CU_ASSERT_EQUAL(checkpoint_at(&c.saved, 1), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_end(&c.saved, 1), STATUS_OK);
  CU_ASSERT_EQUAL(c.saved.generation, 0);
  end(&c);
}

/* Remembered for good, so it comes last. */
static void asked_to_stop_all_ranks_save_the_same_step(void) {
  scene c;
  CU_ASSERT_EQUAL(start(&c, mpi_suite_comm, "stopped", "night", "300"), STATUS_OK);
  stop_listen();
  if (mpi_suite_comm->rank == mpi_suite_comm->size - 1) CU_ASSERT_EQUAL(raise(SIGUSR1), 0);
  fill(&c, 9);
  CU_ASSERT_EQUAL(checkpoint_at(&c.saved, 9), STATUS_AGAIN);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "step 9"));
  end(&c);
  CU_ASSERT_EQUAL(start(&c, mpi_suite_comm, "stopped", "night", "300"), STATUS_OK);
  CU_ASSERT_EQUAL(c.step, 9);
  CU_ASSERT_TRUE(holds(&c, 9));
  CU_ASSERT_EQUAL(checkpoint_at(&c.saved, 9), STATUS_AGAIN);
  CU_ASSERT_EQUAL(c.saved.generation, 1); /* what stands already is not written again */
  end(&c);
}

int main(int argc, char **argv) {
  static const suite_test tests[] = {
      TEST(what_is_saved_comes_back_in_every_bit),
      TEST(another_number_of_ranks_goes_on),
      TEST(damage_falls_back_to_the_other_generation),
      TEST(without_a_head_there_is_no_generation),
      TEST(nothing_good_is_refused),
      TEST(a_good_generation_is_never_written_over_for_a_damaged_one),
      TEST(another_night_is_forgotten),
      TEST(a_commit_clears_them),
      TEST(a_short_phase_saves_nothing),
      TEST(asked_to_stop_all_ranks_save_the_same_step),
  };
  return MPI_SUITE_RUN(argc, argv, "checkpoint", tests);
}
