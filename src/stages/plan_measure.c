#include "stages/plan_measure.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "io/file.h"
#include "io/tensor_file.h"
#include "math/kmeans.h"

enum {
  COPY_BYTES = 32 << 20,
  SORTED = 1 << 16,
  FILE_BYTES = 8 << 20,
  FILES = 3,
  DIMENSIONS = 64,
  ROWS = 4096,
  CENTRES = 8,
  RUNS_LEAST = 3
};

/* Debian 12's Open MPI 4.1 and the libraries of the program once ranks are up, read from VmHWM with 1 to 4 ranks. */
static const double base_bytes = 27e6;

int plan_clock_goes_on(plan_clock *c) {
  const double now = clock_cpu();
  if (c->runs > 0 || c->began > 0) {
    const double took = now - c->began;
    c->spent += took;
    if (c->runs++ == 0 || took < c->least) c->least = took;
  }
  if (c->runs >= RUNS_LEAST && c->spent >= PLAN_MOMENT) return 0;
  c->began = clock_cpu();
  return 1;
}

typedef struct event {
  uint64_t key;
  char rest[24]; /* an ingest_event is as large */
} event;

static int by_key(const void *a, const void *b) {
  const event *x = a, *y = b;
  return (x->key > y->key) - (x->key < y->key);
}

static status measure_sort(arena *a, plan_rates *r) {
  event *events = NULL;
  TRY(ARENA(a, SORTED, &events));
  plan_clock clock = {0};
  uint64_t draw = 1;
  while (plan_clock_goes_on(&clock)) {
    for (int i = 0; i < SORTED; i++) events[i].key = draw = hash_mix(draw + 1);
    qsort(events, SORTED, sizeof *events, by_key);
  }
  r->sort = clock.least / SORTED / 16;
  return STATUS_OK;
}

static status measure_centre(arena *a, plan_rates *r) {
  float *row = NULL, *centre = NULL;
  int32_t *assigned = NULL;
  TRY(ARENA(a, ROWS * DIMENSIONS, &row));
  TRY(ARENA(a, CENTRES * DIMENSIONS, &centre));
  TRY(ARENA(a, ROWS, &assigned));
  for (int i = 0; i < ROWS * DIMENSIONS; i++) row[i] = (float)(i % 17);
  for (int i = 0; i < CENTRES * DIMENSIONS; i++) centre[i] = (float)(i % 13);
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock)) kmeans_assign(row, ROWS, DIMENSIONS, centre, CENTRES, assigned, NULL, NULL);
  r->centre = clock.least / ROWS / CENTRES;
  return STATUS_OK;
}

/* Wall time: a commit waits for the disk. The file is gone afterwards. */
static status measure_files(const char *folder, const char *bytes, arena *a, plan_rates *r) {
  char *path = NULL;
  TRY(arena_print(a, &path, "%s/.plan-%ld", folder, (long)getpid()));
  status result = STATUS_OK;
  double least = 0;
  for (int i = 0; i < FILES && result == STATUS_OK; i++) {
    const double began = clock_now();
    result = file_write(path, bytes, 4096);
    const double took = clock_now() - began;
    if (i == 0 || took < least) least = took;
  }
  tensor_file f = {0};
  tensor_file_add(&f, "bytes", TENSOR_U8, FILE_BYTES, 1, bytes);
  const double began = clock_now();
  if (result == STATUS_OK) result = tensor_file_write(path, "plan", &f);
  if (result == STATUS_OK) result = tensor_file_read(path, "plan", a, &f);
  const double whole = clock_now() - began;
  file_remove(path);
  if (result != STATUS_OK) return result;
  r->file = least;
  r->byte = whole > least ? (whole - least) / 2 / FILE_BYTES : r->copy;
  return STATUS_OK;
}

status plan_measure_memory(const char *folder, arena *a, plan_rates *r) {
  char *from = NULL, *to = NULL;
  TRY(ARENA(a, COPY_BYTES, &from));
  TRY(ARENA(a, COPY_BYTES, &to));
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock)) memcpy(to, from, COPY_BYTES);
  r->copy = clock.least / COPY_BYTES;
  if (r->skim <= 0) r->skim = 2 * r->copy; /* out of the page cache, and a look for quotes */
  TRY(measure_sort(a, r));
  TRY(measure_centre(a, r));
  /* A folder that cannot be written to says nothing of the one that the night will have. */
  if (measure_files(folder, from, a, r) == STATUS_OK) return STATUS_OK;
  r->file = 1e-3;
  r->byte = 4 * r->copy;
  return STATUS_OK;
}

status plan_measure_models_only(const plan_numbers *n, const char *folder, plan_rates *r) {
  openblas_set_num_threads(1); /* as the ranks of a night */
  r->base_bytes = base_bytes;
  arena a = {0};
  status result = plan_measure_memory(folder, &a, r);
  arena_free(&a);
  if (result == STATUS_OK) result = plan_measure_als(n, &a, r);
  arena_free(&a);
  if (result == STATUS_OK) result = plan_measure_models(n, &a, r);
  arena_free(&a);
  return result;
}

status plan_measure_all(const plan_numbers *n, const copy *c, const char *folder, plan_rates *r) {
  arena a = {0};
  status result = plan_measure_models_only(n, folder, r);
  if (result == STATUS_OK) result = plan_measure_writer(n, &a, r);
  arena_free(&a);
  if (result == STATUS_OK) result = plan_measure_decode(n, &a, r);
  if (result == STATUS_OK) result = plan_measure_judge(n, &a, r);
  arena_free(&a);
  if (result == STATUS_OK) result = plan_measure_texts(c, &a, r);
  arena_free(&a);
  return result;
}
