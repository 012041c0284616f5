/* Points of a blend, weights and exponents of all models, and their NDCG on a pool. */
#ifndef RECOMMEND_BLEND_CLIMB_H
#define RECOMMEND_BLEND_CLIMB_H

#include "recommend/blend.h"
#include "recommend/blend_pool.h"

typedef struct blend_point {
  double weight[BLEND_TERMS], exponent[BLEND_TERMS];
  double ndcg;
} blend_point;

typedef struct blend_climb {
  const blend_pool *pool;
  double discount[BLEND_TOP];
  tree_sum *tried, *compared;
  float *base, *one, *other; /* [pool->most] */
} blend_climb;

/* Collective. */
status blend_climb_open(const blend_pool *pool, arena *a, blend_climb *out);

/* Local. Models that count. */
int blend_climb_active(const blend_climb *c, const blend_point *at);

/* Collective. Sets at->ndcg. */
status blend_climb_judge(const blend_climb *c, blend_point *at);

/* Collective. *at with the best weight that a model which does not count yet can have, on a coarse grid; it may be
 * worse than without. */
status blend_climb_add(const blend_climb *c, const blend_point *at, int model, blend_point *out);

/* Collective. *at with the best exponent above 0 that a model which counts can have. */
status blend_climb_bend(const blend_climb *c, const blend_point *at, int model, blend_point *out);

/* Collective. From *at to where no small change of the weight of a model that counts is better, at->ndcg known. */
status blend_climb_up(const blend_climb *c, blend_point *at);

/* Collective. Mean over users of what `a` is better than `b`, and its standard error. */
status blend_climb_compare(const blend_climb *c, const blend_point *a, const blend_point *b, double *better,
                           double *error);

#endif
