/* Products of a few rows with a matrix, as the steps of a recurrent net need them: a BLAS would rearrange the whole
 * matrix for every step, which costs more than the product. Up to ROWS_FEW rows are each computed by itself, with sums
 * in ascending order: a result does not depend on how many they are. More of them go to the BLAS. */
#ifndef MATH_ROWS_H
#define MATH_ROWS_H

enum { ROWS_FEW = 16 };

/* out [rows, width] += a [rows, depth] · b [depth, width]; row-major, no overlap. */
void rows_product(int rows, int width, int depth, const float *a, const float *b, float *out);

/* out [width, height] = in [height, width], transposed. */
void rows_transpose(int height, int width, const float *in, float *out);

#endif
