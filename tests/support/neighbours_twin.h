/* Similarities of the rows of a dense matrix by their definition, and the nearest of them by sorting all. */
#ifndef SUPPORT_NEIGHBOURS_TWIN_H
#define SUPPORT_NEIGHBOURS_TWIN_H

typedef struct neighbours_twin {
  const double *weights; /* row r, column c stands at r × row_step + c × column_step; 0: no entry */
  int rows, columns, row_step, column_step;
  int is_pearson, count;
  double shrinkage, damping;
} neighbours_twin;

/* near [rows, rows]: similarity where b is among the `count` most similar rows of a, else 0. */
void neighbours_twin_find(const neighbours_twin *t, float *near);

#endif
