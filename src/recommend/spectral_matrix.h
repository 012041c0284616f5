/* The normalised item-item matrix W = R~ᵀ R~, R~ = D_U^−½ R D_I^−½, of Shen et al. 2021, "How powerful is graph
 * convolution for recommendation?", as an operator; D_U and D_I hold the sums of R's rows and columns. Its eigenvalues
 * lie in [0, 1]. It is applied as P = D_I^−½ W D_I^½ = D_I⁻¹ Rᵀ D_U⁻¹ R, the step of a random walk from item to item,
 * which needs no other number per interaction; f(W) = D_I^½ f(P) D_I^−½ for every polynomial f. */
#ifndef RECOMMEND_SPECTRAL_MATRIX_H
#define RECOMMEND_SPECTRAL_MATRIX_H

#include "base/arena.h"
#include "math/spectral.h"
#include "recommend/node_matrix.h"

/* Multiplied from the right: columns by `before`, sums over users by by_user.scale, sums over items by by_item.scale.
 */
typedef struct spectral_filter {
  spectral_rows by_user, by_item;
  float *before; /* [items] */
} spectral_filter;

/* The linear filter L = D_I^−input Rᵀ D_U^−user R D_I^−output, times such a number that users and items of mean sums
 * count as in W, which is L of powers 1, ½ and ½. */
typedef struct spectral_powers {
  double user, input, output;
} spectral_powers;

typedef struct spectral_matrix {
  int32_t users;
  item_row items;
  spectral_filter walk;   /* P, its columns times D_I^−½ */
  spectral_filter linear; /* L */
  float *root;            /* [items] square root of the sum of weights */
  float *inverse_root;    /* [items] 1 / root, 0 where root is */
  float *user_block;      /* [users, SPECTRAL_COLUMNS] scratch */
} spectral_matrix;

/* Local. Memory from `a`. binary: every interaction counts 1. Fails: STATUS_BUG. */
status spectral_matrix_create(const node_matrix *m, int binary, spectral_powers powers, arena *a, spectral_matrix *out);

/* Blocks are [items, SPECTRAL_COLUMNS], 64-byte aligned. Local. */

/* out = factor P in + keep same + back before, as spectral_step. */
void spectral_matrix_step(const spectral_matrix *s, const float *in, float factor, float keep, const float *same,
                          float back, const float *before, float *out);

/* out = f(P) in, f(x) = Σ_k coefficient_k x^k, k <= degree, by Horner's scheme. out is another than `in`. */
void spectral_matrix_polynomial(const spectral_matrix *s, const double *coefficient, int degree, const float *in,
                                float *out);

/* out = L in; the rows of `in` are multiplied by linear.before. out is another than `in`. */
void spectral_matrix_linear(const spectral_matrix *s, float *in, float *out);

/* out = the filter times E, E the columns first … first + count of the identity, for what it costs to visit the users
 * of those items. */
void spectral_matrix_columns(const spectral_matrix *s, const spectral_filter *f, item_row first, int count, float *out);

#endif
