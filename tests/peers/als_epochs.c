/* Epochs of our ALS on the made-up matrix of nightmail bench, one thread: CPU seconds of each, and its tables in files
 * that als.py judges by the same loss as the peers'. The objective is that of `implicit`: confidence c of a pair that
 * was seen, 1 of all others, Σ c (p − x·y)² + λ (|X|² + |Y|²). With α₀ = 1 that is ours for w = c − 1 and
 * t = c / (c − 1), but for a constant.
 * Usage: als_epochs FOLDER USERS ITEMS EVENTS WIDTH EPOCHS STEPS whole|packed */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "io/file.h"
#include "math/als.h"
#include "math/symmetric.h"
#include "stages/bench_matrix.h"
#include "stages/bench_npy.h"

#define REGULARISATION 0.1F

typedef struct side {
  bench_matrix m;
  als_interactions seen;
  float *row, *lambda;
  uint16_t *packed;
} side;

typedef struct model {
  int width, stride, steps, is_packed;
  side user, item;
  double *gram, *values, *wide;
  int *ints;
  float *base, *vectors, *scratch;
} model;

static status take_side(arena *a, const model *m, side *s) {
  const int64_t pairs = s->m.offset[s->m.rows];
  float *weight = NULL, *target = NULL;
  TRY(ARENA(a, pairs, &weight));
  TRY(ARENA(a, pairs, &target));
  TRY(ARENA(a, (int64_t)s->m.rows * m->stride, &s->row));
  TRY(ARENA(a, (int64_t)s->m.rows * als_packed_stride(m->stride), &s->packed));
  TRY(ARENA(a, s->m.rows, &s->lambda));
  for (int64_t j = 0; j < pairs; j++) {
    weight[j] = s->m.value[j] - 1;
    target[j] = s->m.value[j] / weight[j];
  }
  for (int32_t r = 0; r < s->m.rows; r++)
    s->lambda[r] = s->m.offset[r + 1] > s->m.offset[r] ? REGULARISATION : ALS_EMPTY;
  s->seen = (als_interactions){
      .count = s->m.rows, .offset = s->m.offset, .item = s->m.column, .weight = weight, .target = target};
  return STATUS_OK;
}

static status take_scratch(arena *a, model *m) {
  const int w = m->width;
  const int64_t block = (int64_t)w * (w > ALS_BLOCK ? w : ALS_BLOCK), row = als_solve_scratch(m->stride);
  TRY(ARENA(a, (int64_t)w * w, &m->gram));
  TRY(ARENA(a, (int64_t)w * w, &m->vectors));
  TRY(ARENA(a, w, &m->values));
  TRY(ARENA(a, symmetric_scratch(w), &m->wide));
  TRY(ARENA(a, symmetric_scratch_int(w), &m->ints));
  TRY(ARENA(a, m->stride, &m->base));
  return ARENA(a, block > row ? block : row, &m->scratch);
}

static status create(arena *a, char **argv, model *m) {
  const int32_t users = atoi(argv[2]), items = atoi(argv[3]);
  m->width = atoi(argv[5]);
  m->stride = als_stride(m->width);
  m->steps = atoi(argv[7]);
  m->is_packed = strcmp(argv[8], "packed") == 0;
  TRY(bench_matrix_draw(42, users, items, atoll(argv[4]), a, &m->user.m));
  TRY(bench_matrix_transpose(&m->user.m, a, &m->item.m));
  TRY(bench_matrix_write(&m->user.m, argv[1]));
  TRY(take_side(a, m, &m->user));
  TRY(take_side(a, m, &m->item));
  item_id *id = NULL;
  TRY(ARENA(a, items, &id));
  for (int32_t i = 0; i < items; i++) id[i].low = (uint64_t)i;
  als_initialise(1, id, items, m->width, m->stride, m->item.row);
  return take_scratch(a, m);
}

static status half_sweep(model *m, side *solved, side *other) {
  const int w = m->width;
  memset(m->gram, 0, (size_t)w * (size_t)w * sizeof *m->gram);
  als_gram(other->row, other->m.rows, w, m->stride, m->gram, m->scratch);
  TRY(symmetric_eigen(w, m->gram, m->values, m->wide, m->ints));
  for (int i = 0; i < w * w; i++) m->vectors[i] = (float)m->gram[i];
  als_rotate(other->row, other->m.rows, w, m->stride, m->vectors, m->scratch);
  als_rotate(solved->row, solved->m.rows, w, m->stride, m->vectors, m->scratch);
  for (int c = 0; c < m->stride; c++) m->base[c] = c < w ? (float)fmax(0, m->values[c]) : ALS_FROZEN;
  if (m->is_packed) {
    als_pack(other->row, other->m.rows, m->stride, other->packed);
    als_solve_packed(&solved->seen, other->packed, m->stride, m->base, solved->lambda, m->steps, solved->row, NULL,
                     m->scratch);
  } else {
    als_solve_rows(&solved->seen, other->row, m->stride, m->base, solved->lambda, m->steps, solved->row, NULL,
                   m->scratch);
  }
  return STATUS_OK;
}

static status run(arena *a, char **argv) {
  model m = {0};
  TRY(file_make_folder(argv[1]));
  TRY(create(a, argv, &m));
  for (int epoch = 1; epoch <= atoi(argv[6]); epoch++) {
    char name[64];
    const double cpu = clock_cpu(), wall = clock_now();
    TRY(half_sweep(&m, &m.user, &m.item));
    TRY(half_sweep(&m, &m.item, &m.user));
    printf("%d %.4f %.4f\n", epoch, clock_cpu() - cpu, clock_now() - wall);
    fflush(stdout);
    snprintf(name, sizeof name, "users_%d", epoch);
    TRY(bench_npy_write(argv[1], name, BENCH_NPY_F32, m.user.m.rows, m.stride, m.user.row));
    snprintf(name, sizeof name, "items_%d", epoch);
    TRY(bench_npy_write(argv[1], name, BENCH_NPY_F32, m.item.m.rows, m.stride, m.item.row));
  }
  return STATUS_OK;
}

int main(int argc, char **argv) {
  if (argc != 9) {
    fputs("usage: als_epochs FOLDER USERS ITEMS EVENTS WIDTH EPOCHS STEPS whole|packed\n", stderr);
    return 64;
  }
  arena a = {0};
  const status s = run(&a, argv);
  if (s != STATUS_OK) fprintf(stderr, "als_epochs: %s\n", status_text());
  arena_free(&a);
  return s != STATUS_OK;
}
