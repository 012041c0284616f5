/* The inverse of a symmetric positive definite matrix that is too large for one rank, with the same bits on any grid.
 *
 * ScaLAPACK's own (pspotrf, pspotri) sums an element's terms in parts on several processes, by shapes that depend on
 * the grid. Here the matrix is swept in place, block by block (symmetric Gauss-Jordan elimination; Beaton 1964,
 * Goodnight 1979): with P = L Lᵀ the diagonal block as it has become by then and V_i = A_ik L⁻ᵀ, A_ij ← A_ij − V_i
 * V_jᵀ,   A_ik ← V_i L⁻¹,   A_kk ← −P⁻¹ after which all blocks swept hold −A⁻¹. That is n³ operations like factorising
 * and inverting, all but a few of them in one kind of product: block × block, of one shape whatever the grid, done by
 * whoever holds the block, in one order. Only the lower triangle is computed. ScaLAPACK and BLACS transpose panels and
 * pass them on, which changes no bits. */
#ifndef COMM_DENSE_INVERSE_H
#define COMM_DENSE_INVERSE_H

#include "comm/dense_matrix.h"

/* Collective. The matrix becomes its inverse, both triangles, from what stands in the lower one. Fails: STATUS_BUG
 * where it is not positive definite or holds what is no number, or memory is out; STATUS_AGAIN where the job is asked
 * to stop (base/stop.h). On all ranks alike; the matrix is lost then. */
status dense_inverse(dense_matrix *m);

#endif
