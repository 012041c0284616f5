/* Products of sparse rows with narrow blocks of dense columns, which spectra of a matrix of interactions are found and
 * filtered with. A column's bits do not depend on the columns beside it: sums run over a row's entries in order. */
#ifndef MATH_SPECTRAL_H
#define MATH_SPECTRAL_H

#include <stdint.h>

enum { SPECTRAL_COLUMNS = 32 /* of a block: rows of two cache lines, a block of some 10,000 rows near the CPU */ };

/* Sparse rows and what their sums are multiplied by. */
typedef struct spectral_rows {
  int32_t rows;
  const int64_t *offset; /* [rows + 1] */
  const int32_t *column; /* [offset[rows]] */
  const float *weight;   /* [offset[rows]], or NULL: 1 */
  const float *scale;    /* [rows] */
} spectral_rows;

/* out_r = scale_r Σ_j weight_j in[column_j] over the entries of each row. Blocks are [·, SPECTRAL_COLUMNS], 64-byte
 * aligned; `out` is another than `in`. */
void spectral_product(const spectral_rows *m, const float *in, float *out);

/* out_r = factor scale_r Σ_j weight_j in[column_j] + keep same_r + back before_r: a step of Horner's scheme or of a
 * three-term recurrence.
 *   same [rows, SPECTRAL_COLUMNS]; before: the same, or NULL; may be `out` */
void spectral_step(const spectral_rows *m, const float *in, float factor, float keep, const float *same, float back,
                   const float *before, float *out);

/* Adds weight_j × in_r to out[column_j] for the entries of row r. */
void spectral_scatter(const spectral_rows *m, int32_t r, const float *in, float *out);

#endif
