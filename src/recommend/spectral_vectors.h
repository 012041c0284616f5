/* The leading eigenvectors of W = R~ᵀ R~, the right singular vectors of R~: subspace iteration from random columns
 * (Halko, Martinsson and Tropp 2011) with Chebyshev polynomials that damp what is not wanted (Zhou, Saad, Tiago and
 * Chelikowsky 2006) and a Rayleigh-Ritz step per iteration. */
#ifndef RECOMMEND_SPECTRAL_VECTORS_H
#define RECOMMEND_SPECTRAL_VECTORS_H

#include "recommend/spectral_matrix.h"

typedef struct spectral_goal {
  int vectors;      /* wanted */
  int oversampling; /* columns that are iterated beside them at least */
  int iterations;   /* at most; fewer once no wanted eigenvalue moves any more */
} spectral_goal;

typedef struct spectral_vectors {
  int count;     /* of vectors, at most as many as there are items */
  float *vector; /* [items, count] orthonormal columns */
  double *value; /* [count] eigenvalues of W, descending: squares of the singular values of R~ */
  int iterations;
} spectral_vectors;

/* Collective. Memory of the result from `a`. Fails: STATUS_BUG, on all ranks alike. */
status spectral_vectors_find(const history *h, const spectral_matrix *s, spectral_goal goal, arena *a,
                             spectral_vectors *out);

#endif
