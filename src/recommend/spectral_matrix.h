/* The normalised item-item matrix W = R~ᵀ R~, R~ = D_U^−½ R D_I^−½, of Shen et al. 2021, "How powerful is graph
 * convolution for recommendation?", as an operator; D_U and D_I hold the sums of R's rows and columns. Its eigenvalues
 * lie in [0, 1]. It is applied as P = D_I^−½ W D_I^½ = D_I⁻¹ Rᵀ D_U⁻¹ R, the step of a random walk from item to item,
 * which needs no other number per interaction; f(W) = D_I^½ f(P) D_I^−½ for every polynomial f. */
#ifndef RECOMMEND_SPECTRAL_MATRIX_H
#define RECOMMEND_SPECTRAL_MATRIX_H

#include "base/arena.h"
#include "math/spectral.h"
#include "recommend/node_matrix.h"

typedef struct spectral_matrix {
  int32_t users;
  item_row items;
  spectral_rows by_user, by_item; /* scale: 1 / sum of the row's weights; 0 where there are none */
  float *root;                    /* [items] square root of the sum of weights */
  float *inverse_root;            /* [items] 1 / root, 0 where root is */
  float *user_block;              /* [users, SPECTRAL_COLUMNS] scratch */
} spectral_matrix;

/* Local. Memory from `a`. binary: every interaction counts 1. Fails: STATUS_BUG. */
status spectral_matrix_create(const node_matrix *m, int binary, arena *a, spectral_matrix *out);

/* Blocks are [items, SPECTRAL_COLUMNS], 64-byte aligned. Local. */

/* out = factor P in + keep same + back before, as spectral_step. */
void spectral_matrix_step(const spectral_matrix *s, const float *in, float factor, float keep, const float *same,
                          float back, const float *before, float *out);

/* out = f(P) in, f(x) = Σ_k coefficient_k x^k, k <= degree, by Horner's scheme. out is another than `in`. */
void spectral_matrix_polynomial(const spectral_matrix *s, const double *coefficient, int degree, const float *in,
                                float *out);

/* out = P D_I^−½ E, E the columns first … first + count of the identity: the same as a step, for what it costs to visit
 * the users of those items. */
void spectral_matrix_columns(const spectral_matrix *s, item_row first, int count, float *out);

#endif
