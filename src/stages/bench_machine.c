#include <cblas.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "stages/bench.h"

enum {
  ORDER = 1536,            /* of the matrices that are multiplied */
  TRIAD_FLOATS = 24 << 20, /* of an array: 96 MiB, three of them */
  GATHERED = 1 << 20,      /* rows that are gathered */
  GATHER_AHEAD = 32,       /* of them between fetching and use */
  LINE = 64,               /* bytes of a line of the cache */
  MICROSECONDS = 1000000
};

void bench_add(bench *b, const bench_figure *f) {
  if (b->count < BENCH_FIGURES_MOST) b->figure[b->count++] = *f;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double bench_median(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, compare);
  return values[count / 2];
}

double bench_sum(const comm *c, double seconds) {
  int64_t microseconds = (int64_t)(seconds * MICROSECONDS);
  comm_sum_i64(c, &microseconds, 1);
  return (double)microseconds / MICROSECONDS;
}

double bench_most(const comm *c, double seconds) {
  comm_max_f64(c, &seconds, 1);
  return seconds;
}

/* Some work on memory that the caller gives. */
typedef void work(float *x, float *y, float *z, int64_t count);

/* The median of the slowest rank's CPU seconds for one time. */
static status measure(const comm *c, work *once, int64_t count, int repeats, double *out) {
  arena a = {0};
  float *x = NULL, *y = NULL, *z = NULL;
  double seconds[BENCH_REPEATS_MOST];
  status result = STATUS_OK;
  TRY_ALL_DONE(c, result, ARENA(&a, count, &x));
  TRY_ALL_DONE(c, result, ARENA(&a, count, &y));
  TRY_ALL_DONE(c, result, ARENA(&a, count, &z));
  for (int64_t i = 0; i < count; i++) x[i] = y[i] = z[i] = (float)(i % 7) / 8;
  once(x, y, z, count);
  for (int r = 0; r < repeats; r++) {
    comm_barrier(c);
    const double began = clock_cpu();
    once(x, y, z, count);
    seconds[r] = bench_most(c, clock_cpu() - began);
  }
  *out = bench_median(seconds, repeats);
done:
  arena_free(&a);
  return result;
}

static void multiply(float *x, float *y, float *z, int64_t count) {
  (void)count;
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, ORDER, ORDER, ORDER, 1, x, ORDER, y, ORDER, 0, z, ORDER);
}

static void triad(float *restrict x, float *restrict y, float *restrict z, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] = y[i] + 3 * z[i];
}

status bench_sgemm_rate(const comm *c, int repeats, double *out) {
  double seconds = 0;
  TRY(measure(c, multiply, (int64_t)ORDER * ORDER, repeats, &seconds));
  *out = 2.0 * ORDER * ORDER * ORDER / seconds / 1e9;
  return STATUS_OK;
}

status bench_triad_rate(const comm *c, int repeats, double *out) {
  double seconds = 0;
  TRY(measure(c, triad, TRIAD_FLOATS, repeats, &seconds));
  *out = 3.0 * sizeof(float) * TRIAD_FLOATS / seconds / 1e9;
  return STATUS_OK;
}

/* Lines come to the second cache, which waits for more of them at a time than the first. */
static float gather(const char *table, const int32_t *order, int row_bytes) {
  float sum = 0;
  for (int64_t i = 0; i < GATHERED; i++) {
    const char *later = table + (int64_t)order[i + GATHER_AHEAD] * row_bytes;
    const char *now = table + (int64_t)order[i] * row_bytes;
    for (int at = 0; at < row_bytes; at += LINE) {
      __builtin_prefetch(later + at, 0, 2);
      sum += *(const float *)(now + at);
    }
  }
  return sum;
}

static status make_order(arena *a, int64_t rows, int row_bytes, float **table, int32_t **order) {
  const int64_t floats = rows * (row_bytes / (int)sizeof **table);
  TRY(ARENA(a, floats, table));
  TRY(ARENA(a, GATHERED + GATHER_AHEAD, order));
  for (int64_t i = 0; i < floats; i++) (*table)[i] = (float)(i % 7);
  for (int64_t i = 0; i < GATHERED + GATHER_AHEAD; i++)
    (*order)[i] = (int32_t)(hash_mix((uint64_t)i + 1) % (uint64_t)rows);
  return STATUS_OK;
}

status bench_gather_rate(const comm *c, int64_t rows, int row_bytes, int repeats, double *out) {
  arena a = {0};
  float *table = NULL;
  int32_t *order = NULL;
  double seconds[BENCH_REPEATS_MOST];
  volatile float kept = 0;
  const status result = comm_agree(c, make_order(&a, rows, row_bytes, &table, &order));
  for (int r = 0; r < repeats && result == STATUS_OK; r++) {
    comm_barrier(c);
    const double began = clock_cpu();
    kept = gather((const char *)table, order, row_bytes);
    seconds[r] = bench_most(c, clock_cpu() - began);
  }
  (void)kept;
  if (result == STATUS_OK) *out = (double)GATHERED * row_bytes / bench_median(seconds, repeats) / 1e9;
  arena_free(&a);
  return result;
}

status bench_sgemm(bench *b) {
  bench_figure f = {.name = "sgemm", .unit = "GFLOP/s"};
  TRY(bench_sgemm_rate(b->comm, b->repeats, &f.value));
  bench_add(b, &f);
  return STATUS_OK;
}

status bench_stream(bench *b) {
  bench_figure f = {.name = "triad", .unit = "GB/s"};
  TRY(bench_triad_rate(b->comm, b->repeats, &f.value));
  bench_add(b, &f);
  return STATUS_OK;
}
