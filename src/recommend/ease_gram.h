/* How often items are seen together: the users' share of the Gram matrix XᵀX, a few columns at a time, as integers, so
 * that shares may be summed in any order. Without weights the sums are counts; with them, a product of two weights is
 * rounded to a multiple of `unit`, chosen so that the sum over all users can't overflow. */
#ifndef RECOMMEND_EASE_GRAM_H
#define RECOMMEND_EASE_GRAM_H

#include "recommend/history.h"

/* A user's entries that no column asked for has passed yet. */
typedef struct ease_row {
  const item_row *next, *end;
  const float *weight;
} ease_row;

typedef struct ease_gram {
  double unit;
  int binary;
  int64_t *offset; /* [items + 1] */
  int32_t *user;   /* [offset[items]]: users of this rank by item, all its partitions counted through */
  ease_row *row;   /* [users of this rank] */
} ease_gram;

/* Collective. Memory from `a`: 4 bytes an entry of this rank, 24 a user, 8 an item. Fails: STATUS_BUG when memory is
 * out, STATUS_SETTINGS where a rank has 2^31 users or more; on all ranks alike. */
status ease_gram_create(const history *h, int binary, arena *a, ease_gram *out);

/* Collective. Σ w² / √(items × users), of items and users with an interaction: the geometric mean of how much there is
 * to learn of an item and of a user, in which a good regularisation is about the same multiple for data of any size and
 * density. Fails: STATUS_BUG when memory is out; on all ranks alike. */
status ease_gram_scale(const history *h, const ease_gram *g, double *out);

/* Local. A dense_source (comm/dense_matrix.h): adds columns [first, first + count), from left to right, once. */
void ease_gram_columns(void *gram, int32_t first, int count, int64_t *sum, int64_t stride);

#endif
