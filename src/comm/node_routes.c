#include "comm/node_routes.h"

/* The rank of a node that receives what `owner` sends there. */
static int receiver(const comm *c, const int *leader, int node, int owner) {
  int members = 0;
  for (int r = 0; r < c->size; r++) members += leader[r] == node;
  int left = owner % members;
  for (int r = 0; r < c->size; r++)
    if (leader[r] == node && left-- == 0) return r;
  return node;
}

static int receives(const comm *c, const int *leader, int owner) {
  const int mine = leader[c->rank];
  return leader[owner] != mine && receiver(c, leader, mine, owner) == c->rank;
}

static status take_routes(const comm *c, arena *a, node_routes *out) {
  *out = (node_routes){.bytes = 0};
  TRY(ARENA(a, c->size, &out->send));
  return ARENA(a, c->size, &out->receive);
}

static void count_rows(const comm *c, node_routes *out) {
  out->bytes = 0;
  for (int r = 0; r < c->size; r++) out->bytes += out->receive[r].count;
  comm_sum_i64(c, &out->bytes, 1);
}

status node_routes_all(const comm *c, const int64_t *start, const int *leader, arena *a, node_routes *out) {
  TRY_ALL(c, take_routes(c, a, out));
  for (int r = 0; r < c->size; r++) {
    if (leader[r] == r && r != leader[c->rank])
      out->send[receiver(c, leader, r, c->rank)].count = start[c->rank + 1] - start[c->rank];
    if (receives(c, leader, r)) out->receive[r].count = start[r + 1] - start[r];
  }
  count_rows(c, out);
  return STATUS_OK;
}

/* Rows that this rank receives for its node, by owner. */
static status list_rows(const comm *c, const int64_t *start, const int *leader, const uint64_t *held, arena *a,
                        int32_t **list, int64_t *bytes) {
  int64_t count = 0;
  for (int o = 0; o < c->size; o++)
    for (int64_t row = start[o]; receives(c, leader, o) && row < start[o + 1]; row++)
      count += node_routes_has(held, row);
  TRY(ARENA(a, count, list));
  int64_t at = 0;
  for (int o = 0; o < c->size; o++) {
    for (int64_t row = start[o]; receives(c, leader, o) && row < start[o + 1]; row++)
      if (node_routes_has(held, row)) (*list)[at++] = (int32_t)(row - start[o]);
    bytes[o + 1] = at * (int64_t)sizeof **list;
  }
  return STATUS_OK;
}

static void split(const comm *c, const int32_t *list, const int64_t *bytes, node_route *route) {
  for (int r = 0; r < c->size; r++)
    route[r] = (node_route){(bytes[r + 1] - bytes[r]) / (int64_t)sizeof *list, list + bytes[r] / (int64_t)sizeof *list};
}

status node_routes_needed(const comm *c, const int64_t *start, const int *leader, const uint64_t *held, arena *a,
                          node_routes *out) {
  int32_t *list = NULL;
  int64_t *bytes = NULL, *wanted_bytes = NULL;
  void *wanted = NULL;
  TRY_ALL(c, take_routes(c, a, out));
  TRY_ALL(c, ARENA(a, c->size + 1, &bytes));
  TRY_ALL(c, list_rows(c, start, leader, held, a, &list, bytes));
  TRY(comm_exchange(c, list, bytes, a, &wanted, &wanted_bytes));
  split(c, list, bytes, out->receive);
  split(c, wanted, wanted_bytes, out->send);
  count_rows(c, out);
  return STATUS_OK;
}
