/* The most similar rows of a sparse matrix: items by their users, users by their items.
 *
 * With x and y the weights of two rows, over the columns that both have:
 *   cosine  Σ d x y / (‖x‖ ‖y‖), the norms over all columns of a row and with the same d;
 *   pearson the correlation of x and y, which asks for weights that differ, such as ratings;
 * times n / (n + shrinkage), n the number of common columns (Koren 2008). d = (entries of the column)^−damping, so that
 * who has seen everything says little about what belongs together (inverse user frequency, Breese et al. 1998). */
#ifndef RECOMMEND_NEIGHBOURS_H
#define RECOMMEND_NEIGHBOURS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/settings.h"

typedef struct neighbours_side {
  int32_t rows;
  const int64_t *offset; /* [rows + 1] */
  const int32_t *column; /* ascending within a row */
  const float *weight;
} neighbours_side;

typedef struct neighbours_sums neighbours_sums; /* private */

typedef struct neighbours {
  neighbours_side row, column; /* the matrix and its transpose */
  int is_pearson, count;       /* most neighbours of a row */
  double shrinkage;
  double *factor;        /* [columns] d */
  double *norm;          /* [rows], cosine */
  neighbours_sums *sums; /* [rows] */
  int32_t *touched;      /* [rows] */
} neighbours;

typedef struct neighbour {
  int32_t row;
  float similarity;
} neighbour;

/* Local. Reads neighbours.*, of which `damping` is given beside. Memory from `a`; the sides must live as long. Fails:
 * STATUS_BUG. */
status neighbours_create(neighbours_side row, neighbours_side column, const settings *s, double damping, arena *a,
                         neighbours *out);

/* Local. The most similar other rows of row r, those of similarity above 0, at most count: ascending by row; of equal
 * similarities the lower row is kept. out [count]. Returns how many. */
int neighbours_find(neighbours *n, int32_t r, neighbour *out);

#endif
