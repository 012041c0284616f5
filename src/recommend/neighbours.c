#include "recommend/neighbours.h"

#include <math.h>
#include <stdlib.h>

/* Over the columns that a row shares with the one whose neighbours are sought. */
struct neighbours_sums {
  int32_t common;
  double xy, x, y, xx, yy;
};

static status set_factors(neighbours *n, double damping, arena *a) {
  TRY(ARENA(a, n->column.rows, &n->factor));
  for (int32_t c = 0; c < n->column.rows; c++) {
    const int64_t entries = n->column.offset[c + 1] - n->column.offset[c];
    n->factor[c] = entries > 0 ? pow((double)entries, -damping) : 0;
  }
  return STATUS_OK;
}

status neighbours_create(neighbours_side row, neighbours_side column, const settings *s, double damping, arena *a,
                         neighbours *out) {
  *out = (neighbours){.row = row,
                      .column = column,
                      .is_pearson = settings_choice(s, "neighbours.measure") == 1,
                      .count = (int)settings_int(s, "neighbours.count"),
                      .shrinkage = settings_real(s, "neighbours.shrinkage")};
  TRY(set_factors(out, damping, a));
  TRY(ARENA(a, row.rows, &out->norm));
  for (int32_t r = 0; r < row.rows; r++) {
    double square = 0;
    for (int64_t j = row.offset[r]; j < row.offset[r + 1]; j++)
      square += out->factor[row.column[j]] * (double)row.weight[j] * (double)row.weight[j];
    out->norm[r] = sqrt(square);
  }
  TRY(ARENA(a, row.rows, &out->sums));
  return ARENA(a, row.rows, &out->touched);
}

/* Fills the sums of all rows that share a column with row r. Returns how many they are. */
static int32_t add_sums(neighbours *n, int32_t r) {
  int32_t touched = 0;
  for (int64_t j = n->row.offset[r]; j < n->row.offset[r + 1]; j++) {
    const int32_t c = n->row.column[j];
    const double x = (double)n->row.weight[j], dx = n->is_pearson ? x : n->factor[c] * x;
    for (int64_t k = n->column.offset[c]; k < n->column.offset[c + 1]; k++) {
      neighbours_sums *s = &n->sums[n->column.column[k]];
      const double y = (double)n->column.weight[k];
      if (s->common++ == 0) n->touched[touched++] = n->column.column[k];
      s->xy += dx * y;
      if (!n->is_pearson) continue;
      s->x += x;
      s->y += y;
      s->xx += x * x;
      s->yy += y * y;
    }
  }
  return touched;
}

static float similarity_of(const neighbours *n, int32_t r, int32_t other) {
  const neighbours_sums *s = &n->sums[other];
  const double common = s->common;
  double value = 0;
  if (n->is_pearson) {
    const double across = (common * s->xx - s->x * s->x) * (common * s->yy - s->y * s->y);
    if (across > 1e-12 * s->xx * s->yy) value = (common * s->xy - s->x * s->y) / sqrt(across);
  } else {
    const double norms = n->norm[r] * n->norm[other];
    if (norms > 0) value = s->xy / norms;
  }
  return (float)(value * common / (common + n->shrinkage));
}

static int is_worse(neighbour a, neighbour b) {
  return a.similarity != b.similarity ? a.similarity < b.similarity : a.row > b.row;
}

/* A heap with the worst of those kept on top. */
static void sink(neighbour *heap, int size, int at) {
  for (;;) {
    int worst = at;
    for (int child = 2 * at + 1; child <= 2 * at + 2; child++)
      if (child < size && is_worse(heap[child], heap[worst])) worst = child;
    if (worst == at) return;
    const neighbour moved = heap[at];
    heap[at] = heap[worst];
    heap[worst] = moved;
    at = worst;
  }
}

static void rise(neighbour *heap, int at) {
  for (int above = (at - 1) / 2; at > 0 && is_worse(heap[at], heap[above]); above = (at - 1) / 2) {
    const neighbour moved = heap[at];
    heap[at] = heap[above];
    heap[above] = moved;
    at = above;
  }
}

/* Returns the size of the heap, `most` at most. */
static int offer(neighbour *heap, int size, int most, neighbour next) {
  if (size < most) {
    heap[size] = next;
    rise(heap, size);
    return size + 1;
  }
  if (is_worse(next, heap[0])) return size;
  heap[0] = next;
  sink(heap, size, 0);
  return size;
}

static int by_row(const void *a, const void *b) {
  const neighbour *x = a, *y = b;
  return (x->row > y->row) - (x->row < y->row);
}

int neighbours_find(neighbours *n, int32_t r, neighbour *out) {
  const int32_t touched = add_sums(n, r);
  int size = 0;
  for (int32_t t = 0; t < touched; t++) {
    const int32_t other = n->touched[t];
    const float value = other == r ? 0 : similarity_of(n, r, other);
    if (value > 0) size = offer(out, size, n->count, (neighbour){other, value});
    n->sums[other] = (neighbours_sums){0};
  }
  qsort(out, (size_t)size, sizeof *out, by_row);
  return size;
}
