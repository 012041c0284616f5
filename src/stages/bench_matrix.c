#include "stages/bench_matrix.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "stages/bench_npy.h"

/* Purposes of the streams, beside the row's number. */
enum { DEGREES = 1, ITEMS, PLACES };

#define FAITHFUL 0.6F /* share of a user's pairs that are of the genre liked best */

/* Scaled so that the sum is `events`, as nearly as whole numbers and the limit allow; offset[u + 1] is the degree. */
static void draw_degrees(uint64_t seed, int64_t events, bench_matrix *m) {
  const int32_t most = m->columns / 4 > 1 ? m->columns / 4 : 1;
  const double mean = (double)events / m->rows, median = mean / exp(0.5);
  int64_t sum = 0;
  for (int32_t u = 0; u < m->rows; u++) {
    random_stream r = random_open(seed, RANDOM_SYNTH, (uint64_t)u, DEGREES);
    const double degree = floor(median * exp((double)random_normal(&r)) + (double)random_unit(&r));
    int64_t whole = (int64_t)fmin(most, fmax(1, degree));
    if (whole > events - sum) whole = events - sum;
    m->offset[u + 1] = whole;
    sum += whole;
  }
}

/* place[rank] is the item of that popularity: popular items stand anywhere in a catalogue. */
static void draw_places(uint64_t seed, int32_t items, int32_t *place) {
  random_stream r = random_open(seed, RANDOM_SYNTH, 0, PLACES);
  for (int32_t i = 0; i < items; i++) {
    const int32_t j = (int32_t)random_below(&r, (uint32_t)i + 1);
    place[i] = place[j];
    place[j] = i;
  }
}

/* A rank below n, its chance falling as 1 / (rank + head): the inverse of the distribution's integral. */
static int32_t draw_rank(random_stream *r, int32_t n, float head) {
  const float u = random_unit(r);
  const int32_t rank = (int32_t)(head * (expf(u * logf(((float)n + head) / head)) - 1));
  return rank < n ? rank : n - 1;
}

/* Ascending, by the byte in two passes and more: rows are short. */
static void sort_row(int32_t *column, int64_t count) {
  for (int64_t gap = count / 2; gap > 0; gap = gap > 2 ? gap * 5 / 11 : gap - 1)
    for (int64_t i = gap; i < count; i++) {
      const int32_t held = column[i];
      int64_t j = i;
      for (; j >= gap && column[j - gap] > held; j -= gap) column[j] = column[j - gap];
      column[j] = held;
    }
}

/* Pairs of one user, each item once; may end with fewer than asked for where the liked items are used up. */
static int64_t draw_row(uint64_t seed, int32_t u, int64_t degree, const bench_matrix *m, const int32_t *place,
                        int32_t *stamp, int32_t *column, float *value) {
  random_stream r = random_open(seed, RANDOM_SYNTH, (uint64_t)u, ITEMS);
  const int32_t genres = m->columns < BENCH_MATRIX_GENRES ? 1 : BENCH_MATRIX_GENRES, liked_count = m->columns / genres;
  const int32_t genre = draw_rank(&r, genres, (float)genres);
  int64_t count = 0;
  for (int64_t tries = 0; count < degree && tries < 8 * degree; tries++) {
    const int faithful = random_unit(&r) < FAITHFUL;
    const int32_t rank = faithful ? draw_rank(&r, liked_count, BENCH_MATRIX_HEAD) * genres + genre
                                  : draw_rank(&r, m->columns, BENCH_MATRIX_HEAD * (float)genres);
    const int32_t item = place[rank];
    if (stamp[item] == u + 1) continue;
    stamp[item] = u + 1;
    column[count++] = item;
  }
  sort_row(column, count);
  for (int64_t j = 0; j < count; j++) value[j] = 1 + 8 * expf(0.7F * random_normal(&r));
  return count;
}

status bench_matrix_draw(uint64_t seed, int32_t users, int32_t items, int64_t events, arena *a, bench_matrix *out) {
  *out = (bench_matrix){.rows = users, .columns = items};
  int32_t *place = NULL, *stamp = NULL;
  TRY(ARENA(a, users + 1, &out->offset));
  TRY(ARENA(a, events, &out->column));
  TRY(ARENA(a, events, &out->value));
  TRY(ARENA(a, items, &place));
  TRY(ARENA(a, items, &stamp));
  draw_degrees(seed, events, out);
  draw_places(seed, items, place);
  for (int32_t u = 0; u < users; u++) {
    const int64_t at = out->offset[u];
    out->offset[u + 1] =
        at + draw_row(seed, u, out->offset[u + 1], out, place, stamp, out->column + at, out->value + at);
  }
  return STATUS_OK;
}

status bench_matrix_transpose(const bench_matrix *m, arena *a, bench_matrix *out) {
  *out = (bench_matrix){.rows = m->columns, .columns = m->rows};
  const int64_t events = m->offset[m->rows];
  TRY(ARENA(a, out->rows + 2, &out->offset));
  TRY(ARENA(a, events, &out->column));
  TRY(ARENA(a, events, &out->value));
  int64_t *at = out->offset + 1; /* where the next entry of a row goes; in the end, where the row ends */
  for (int64_t j = 0; j < events; j++) at[m->column[j] + 1]++;
  for (int32_t i = 0; i < out->rows; i++) at[i + 1] += at[i];
  for (int32_t u = 0; u < m->rows; u++)
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      const int64_t to = at[m->column[j]]++;
      out->column[to] = u;
      out->value[to] = m->value[j];
    }
  return STATUS_OK;
}

status bench_matrix_write(const bench_matrix *m, const char *folder) {
  TRY(bench_npy_write(folder, "indptr", BENCH_NPY_I64, m->rows + 1, 0, m->offset));
  TRY(bench_npy_write(folder, "indices", BENCH_NPY_I32, m->offset[m->rows], 0, m->column));
  return bench_npy_write(folder, "data", BENCH_NPY_F32, m->offset[m->rows], 0, m->value);
}
