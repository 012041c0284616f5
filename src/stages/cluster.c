#include "stages/cluster.h"

#include <math.h>
#include <string.h>

#include "comm/tree_sum.h"
#include "math/kmeans.h"

/* What a rank enters into the race for the next centre; the row follows. */
typedef struct entrant {
  double time; /* HUGE_VAL: none */
  uint64_t id;
} entrant;

static int64_t rows_of(const cluster_rows *r) { return r->offset[r->last - r->first]; }

/* The winner over all ranks: the smallest time, of equals the smallest id. Returns 0 if nobody has a row to enter. */
static status race(const comm *c, const cluster_rows *r, const float *last, uint64_t seed, uint32_t step,
                   float *distance, arena *a, float *winner, int *found) {
  const arena_mark before = arena_here(a);
  const int64_t bytes = (int64_t)sizeof(entrant) + r->width * (int64_t)sizeof(float);
  char *mine = NULL, *all = NULL;
  int64_t *offset = NULL, won = -1;
  TRY_ALL(c, arena_take(a, bytes, 1, (void **)&mine));
  entrant head = {.time = HUGE_VAL};
  head.time = kmeans_race(r->row, rows_of(r), r->width, r->id, last, seed, step, distance, &won);
  if (won >= 0) {
    head.id = r->id[won];
    memcpy(mine + sizeof head, r->row + won * r->width, (size_t)r->width * sizeof(float));
  }
  memcpy(mine, &head, sizeof head);
  TRY(comm_gather_all(c, mine, bytes, a, (void **)&all, &offset));
  entrant best = {.time = HUGE_VAL};
  *found = 0;
  for (int rank = 0; rank < c->size; rank++) {
    entrant other;
    memcpy(&other, all + offset[rank], sizeof other);
    if (!(other.time < best.time || (other.time < HUGE_VAL && other.time <= best.time && other.id < best.id))) continue;
    best = other;
    *found = 1;
    memcpy(winner, all + offset[rank] + sizeof other, (size_t)r->width * sizeof(float));
  }
  arena_release(a, before);
  return STATUS_OK;
}

static status seed_centres(const comm *c, const cluster_rows *r, int clusters, uint64_t seed, arena *a, float *centre) {
  float *distance = NULL;
  TRY_ALL(c, ARENA(a, rows_of(r), &distance));
  int found = 1;
  for (int k = 0; k < clusters && found; k++) {
    float *own = centre + (int64_t)k * r->width;
    TRY(race(c, r, k > 0 ? own - r->width : NULL, seed, (uint32_t)k, distance, a, own, &found));
  }
  return STATUS_OK;
}

/* One step of Lloyd; *changed counts rows that went to another cluster. */
static status step(const comm *c, const cluster_rows *r, int clusters, tree_sum *tree, double *total, float *centre,
                   int32_t *assigned, int64_t *changed) {
  *changed = 0;
  status taken = STATUS_OK;
  for (int leaf = r->first; leaf < r->last && taken == STATUS_OK; leaf++) {
    const int64_t from = r->offset[leaf - r->first], to = r->offset[leaf - r->first + 1];
    double *sum = NULL;
    taken = tree_sum_leaf(tree, leaf, (void **)&sum);
    if (taken != STATUS_OK) break;
    kmeans_assign(r->row + from * r->width, to - from, r->width, centre, clusters, assigned + from, sum, changed);
    tree_sum_push(tree);
  }
  TRY_ALL(c, taken);
  TRY(tree_sum_finish(tree, c, total));
  comm_sum_i64(c, changed, 1);
  return STATUS_OK;
}

status cluster_find(const comm *c, const cluster_rows *rows, int clusters, int iterations, uint64_t seed, arena *a,
                    float *centre, int32_t *assigned) {
  const int64_t cells = (int64_t)clusters * (rows->width + 1);
  tree_sum *tree = NULL;
  double *total = NULL;
  memset(centre, 0, (size_t)clusters * (size_t)rows->width * sizeof *centre);
  for (int64_t i = 0; i < rows_of(rows); i++) assigned[i] = -1;
  TRY_ALL(c, tree_sum_create(TREE_SUM_F64, cells, rows->leaves, a, &tree));
  TRY_ALL(c, ARENA(a, cells, &total));
  TRY(seed_centres(c, rows, clusters, seed, a, centre));
  int64_t changed = 1;
  for (int i = 0; i < iterations && changed > 0; i++) {
    TRY(step(c, rows, clusters, tree, total, centre, assigned, &changed));
    if (changed > 0) kmeans_move(total, clusters, rows->width, centre);
  }
  kmeans_assign(rows->row, rows_of(rows), rows->width, centre, clusters, assigned, NULL, NULL);
  return STATUS_OK;
}
