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

status cluster_take(arena *a, int width, int64_t count, cluster_leaf *out) {
  out->count = count;
  TRY(ARENA(a, count * width, &out->row));
  TRY(ARENA(a, count, &out->id));
  return ARENA(a, count, &out->assigned);
}

static int is_earlier(const entrant *x, const entrant *y) {
  return x->time < y->time || (x->time < HUGE_VAL && x->time <= y->time && x->id < y->id);
}

/* The winner among this rank's rows, and its row behind it. */
static void race_here(const cluster_rows *r, const float *last, uint64_t seed, uint32_t step, float *const *distance,
                      char *mine) {
  entrant best = {.time = HUGE_VAL};
  for (int i = 0; i < r->last - r->first; i++) {
    const cluster_leaf *leaf = &r->leaf[i];
    int64_t won = -1;
    entrant own = {.time =
                       kmeans_race(leaf->row, leaf->count, r->width, leaf->id, last, seed, step, distance[i], &won)};
    if (won < 0) continue;
    own.id = leaf->id[won];
    if (!is_earlier(&own, &best)) continue;
    best = own;
    memcpy(mine + sizeof best, leaf->row + won * r->width, (size_t)r->width * sizeof(float));
  }
  memcpy(mine, &best, sizeof best);
}

/* The winner over all ranks: the smallest time, of equals the smallest id. *found is 0 if nobody has a row to enter. */
static status race(const comm *c, const cluster_rows *r, const float *last, uint64_t seed, uint32_t step,
                   float *const *distance, arena *a, float *winner, int *found) {
  const arena_mark before = arena_here(a);
  const int64_t bytes = (int64_t)sizeof(entrant) + r->width * (int64_t)sizeof(float);
  char *mine = NULL, *all = NULL;
  int64_t *offset = NULL;
  TRY_ALL(c, arena_take(a, bytes, 1, (void **)&mine));
  race_here(r, last, seed, step, distance, mine);
  TRY(comm_gather_all(c, mine, bytes, a, (void **)&all, &offset));
  entrant best = {.time = HUGE_VAL};
  *found = 0;
  for (int rank = 0; rank < c->size; rank++) {
    entrant other;
    memcpy(&other, all + offset[rank], sizeof other);
    if (!is_earlier(&other, &best)) continue;
    best = other;
    *found = 1;
    memcpy(winner, all + offset[rank] + sizeof other, (size_t)r->width * sizeof(float));
  }
  arena_release(a, before);
  return STATUS_OK;
}

static status take_distances(const cluster_rows *r, arena *a, float ***distance) {
  TRY(ARENA(a, r->last - r->first, distance));
  for (int i = 0; i < r->last - r->first; i++) TRY(ARENA(a, r->leaf[i].count, &(*distance)[i]));
  return STATUS_OK;
}

static status seed_centres(const comm *c, const cluster_rows *r, int clusters, uint64_t seed, arena *a, float *centre) {
  float **distance = NULL;
  TRY_ALL(c, take_distances(r, a, &distance));
  int found = 1;
  for (int k = 0; k < clusters && found; k++) {
    float *own = centre + (int64_t)k * r->width;
    TRY(race(c, r, k > 0 ? own - r->width : NULL, seed, (uint32_t)k, distance, a, own, &found));
  }
  return STATUS_OK;
}

/* One step of Lloyd; *changed counts rows that went to another cluster. */
static status step(const comm *c, const cluster_rows *r, int clusters, tree_sum *tree, double *total,
                   const float *centre, int64_t *changed) {
  *changed = 0;
  status taken = STATUS_OK;
  for (int i = 0; i < r->last - r->first && taken == STATUS_OK; i++) {
    const cluster_leaf *leaf = &r->leaf[i];
    double *sum = NULL;
    taken = tree_sum_leaf(tree, r->first + i, (void **)&sum);
    if (taken != STATUS_OK) break;
    kmeans_assign(leaf->row, leaf->count, r->width, centre, clusters, leaf->assigned, sum, changed);
    tree_sum_push(tree);
  }
  TRY_ALL(c, taken);
  TRY(tree_sum_finish(tree, c, total));
  comm_sum_i64(c, changed, 1);
  return STATUS_OK;
}

status cluster_find(const comm *c, const cluster_rows *rows, int clusters, int iterations, uint64_t seed, arena *a,
                    float *centre) {
  const int64_t cells = (int64_t)clusters * (rows->width + 1);
  tree_sum *tree = NULL;
  double *total = NULL;
  memset(centre, 0, (size_t)clusters * (size_t)rows->width * sizeof *centre);
  for (int i = 0; i < rows->last - rows->first; i++)
    for (int64_t j = 0; j < rows->leaf[i].count; j++) rows->leaf[i].assigned[j] = -1;
  TRY_ALL(c, tree_sum_create(TREE_SUM_F64, cells, rows->leaves, a, &tree));
  TRY_ALL(c, ARENA(a, cells, &total));
  TRY(seed_centres(c, rows, clusters, seed, a, centre));
  int64_t changed = 1;
  for (int i = 0; i < iterations && changed > 0; i++) {
    TRY(step(c, rows, clusters, tree, total, centre, &changed));
    if (changed > 0) kmeans_move(total, clusters, rows->width, centre);
  }
  for (int i = 0; i < rows->last - rows->first; i++)
    kmeans_assign(rows->leaf[i].row, rows->leaf[i].count, rows->width, centre, clusters, rows->leaf[i].assigned, NULL,
                  NULL);
  return STATUS_OK;
}
