#include "recommend/als_packed.h"

#include "data/partition.h"

status als_packed_create(als_model *m) {
  if (m->is_ratings) return STATUS_OK;
  const int64_t users = m->traffic.is_stationary ? 0 : node_table_count(m->users), items = node_table_count(m->items);
  TRY(window_open(m->history->comm, &m->packed));
  window_take(m->packed, (users > items ? users : items) * als_packed_stride(m->stride) * (int64_t)sizeof(uint16_t));
  return STATUS_OK;
}

void als_packed_fill(als_model *m, const node_table *other) {
  if (m->packed == NULL) return;
  const int ranks = window_size(m->packed), rank = window_rank(m->packed);
  const int64_t rows = node_table_count(other), first = partition_start(rows, ranks, rank);
  als_pack(node_table_rows(other) + first * m->stride, partition_start(rows, ranks, rank + 1) - first, m->stride,
           (uint16_t *)window_memory(m->packed) + first * als_packed_stride(m->stride));
  window_fence(m->packed);
}

void als_packed_solve(const als_model *m, const als_interactions *rows, const float *other, const float *base,
                      const float *lambda, float *solution, float *left) {
  const int steps = m->options.steps;
  if (m->packed == NULL)
    als_solve_rows(rows, other, m->stride, base, lambda, steps, solution, left, m->scratch);
  else
    als_solve_packed(rows, window_memory(m->packed), m->stride, base, lambda, steps, solution, left, m->scratch);
}
