/* Alternating least squares, one half-sweep at a time, for users and items alike.
 *
 * The rows of one side are solved against the table of the other. Row x minimises
 *     Σ_j w_j (t_j − x·z_j)²  +  Σ_c (base_c + lambda) x_c²
 * over its interactions j; z_j are rows of the other table.
 *   implicit (Hu, Koren and Volinsky 2008, in the form of Rendle et al. 2021): t = 1, w the confidence, and
 *     base = α₀ Λ, where ZᵀZ = QΛQᵀ and both tables have been rotated by Q (als_rotate): the pairs without an event
 * cost a diagonal, not a matrix; explicit (ALS-WR, Zhou et al. 2008, with biases): w = 1, t = rating − mean, base = 0.
 * A user's row is [factor, bias, 1], an item's [factor, 1, bias], so that x·y holds both biases; the column of the 1 is
 * frozen. Solved by conjugate gradients from the row's last value, preconditioned by the system's diagonal, which in
 * the eigenbasis is most of the system.
 *
 * Tables are [rows, stride], stride a multiple of 16 (als_stride), 64-byte aligned; columns beyond the used ones are
 * frozen at 0. Every function gives the same bits on every rank. */
#ifndef MATH_ALS_H
#define MATH_ALS_H

#include <stdint.h>

#include "data/ids.h"

enum { ALS_BLOCK = 256 /* rows of a block of als_rotate and als_gram */ };

/* base_c of a column that is not solved for. */
#define ALS_FROZEN (-1.0F)

/* lambda of a row without interactions: its solved columns become 0. */
#define ALS_EMPTY (-1.0F)

/* What the rows of one side did with rows of the other: users of a partition with items, or, transposed, items of a
 * partition with users. */
typedef struct als_interactions {
  int32_t count;         /* rows */
  const int64_t *offset; /* [count + 1] */
  const item_row *item;  /* [offset[count]], row of the other side's table; ascending in a row is fastest */
  const float *weight;   /* [offset[count]], >= 0, or NULL: 1 */
  const float *target;   /* [offset[count]], or NULL: 1 */
  const float *prior;    /* [count, stride], or NULL: 0; lambda x² becomes lambda (x − prior)² */
} als_interactions;

int als_stride(int columns);

/* λ_row = λ (interactions + α₀ × rows of the other side)^ν, Rendle et al. 2021; ALS_EMPTY where there are none.
 * Explicit: unobserved_total is 0. */
float als_lambda(double regularisation, double exponent, int64_t interactions, double unobserved_total);

/* Draws normal values about 0.1 / √width, of the same deviation, into the first `width` columns, keyed by the row's id.
 * With a mean other than 0 the first half-sweep already sees who is active and what is popular. */
void als_initialise(uint64_t seed, const item_id *id, int32_t rows, int width, int stride, float *table);

/* Adds the Gram matrix of the table's first `width` columns to gram [width, width]; sums of blocks in double.
 *   scratch [width, width] */
void als_gram(const float *table, int32_t rows, int width, int stride, double *gram, float *scratch);

/* table ← table × Q in the first `width` columns; row c of `vectors` [width, width] is column c of Q.
 *   scratch [ALS_BLOCK, width] */
void als_rotate(float *table, int32_t rows, int width, int stride, const float *vectors, float *scratch);

/* Floats of scratch for als_solve_rows, aligned to 64 bytes. */
int64_t als_solve_scratch(int stride);

/* Solves the rows of one side against the table of the other, from what stands in `solution` on. A row's result depends
 * on its own interactions only, not on the rows beside it.
 *   other [rows, stride], base [stride] aligned as tables are, lambda [m->count], solution [m->count, stride]
 *   residual [m->count]: square of what is left of the preconditioned gradient, relative to the start; or NULL, which
 *     spares the last step half its work and leaves the solution's last bits different
 *   scratch [als_solve_scratch(stride)] */
void als_solve_rows(const als_interactions *m, const float *other, int stride, const float *base, const float *lambda,
                    int steps, float *solution, float *residual, float *scratch);

/* Numbers of a packed row: pairs of vectors, of which the last may be half empty. */
static inline int als_packed_stride(int stride) { return (stride + 31) / 32 * 32; }

/* A table's numbers rounded to the nearest bfloat16, ties to even: half the bytes to fetch. Of each 32 columns, column
 * c stands beside column 16 + c.
 *   whole [rows, stride], packed [rows, als_packed_stride(stride)], aligned to 64 bytes */
void als_pack(const float *whole, int64_t rows, int stride, uint16_t *packed);

/* The same as als_solve_rows against a packed table. Each row solves a system whose entries are off by 2⁻⁹ at most,
 * which moves the loss by the square of that. */
void als_solve_packed(const als_interactions *m, const uint16_t *other, int stride, const float *base,
                      const float *lambda, int steps, float *solution, float *residual, float *scratch);

/* The item side without moving users: each logical partition adds its part of the residual, of the diagonal, and in
 * each step of the product, for all items; between passes the parts are summed over partitions. */

/* part [items, 2 × stride]: adds Σ w (t − x·y) x to the first half of a row and Σ w x² to the second. */
void als_item_residual(const als_interactions *m, const float *user, const float *item, int stride, float *part);

/* part [items, stride]: adds Σ w (x·p) x for directions p [items, stride]. */
void als_item_product(const als_interactions *m, const float *user, const float *direction, int stride, float *part);

/* Conjugate gradients of all rows of a table at once. */
typedef struct als_descent {
  int32_t rows;
  int stride;
  const float *base;   /* [stride] */
  const float *lambda; /* [rows] */
  float *solution;     /* [rows, stride] */
  float *direction;    /* [rows, stride] */
  float *residual;     /* [rows, stride] */
  float *inverse;      /* [rows, stride], of the diagonal; 0: frozen */
  float *norm;         /* [rows] residual × inverse × residual */
} als_descent;

/* From the sum of als_item_residual over all partitions. */
void als_descent_start(const als_descent *d, const float *part);
/* From the sum of als_item_product over all partitions; [rows, stride]. */
void als_descent_step(const als_descent *d, const float *product);

/* Σ over all pairs seen of w (t − x·y)². */
double als_loss(const als_interactions *m, const float *user, const float *item, int stride);

/* Σ over rows and columns that are not frozen of lambda_row x_c², and where `weighted` of base_c x_c² too: the rest of
 * the loss. Σ over all pairs of α₀ (x·y)² is counted once, on the side whose base is in use. */
double als_penalty(const float *table, int32_t rows, int stride, const float *base, const float *lambda, int weighted);

#endif
