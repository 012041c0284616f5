/* The spectral recommender by dense matrices in double and Jacobi's method: the definition, slowly. */
#ifndef SUPPORT_SPECTRAL_TWIN_H
#define SUPPORT_SPECTRAL_TWIN_H

/* From weights [users, items]: w [items, items] the normalised item-item matrix, root [items] of the items' sums. */
void spectral_twin_matrix(const double *weights, int users, int items, double *w, double *root);

/* The linear filter of powers: entries Σ_u r_ui r_uj d_u^−user d_i^−input d_j^−output, where d are sums over their
 * mean, over the mean sums as in w. */
void spectral_twin_linear(const double *weights, int users, int items, double user, double input, double output,
                          double *linear);

/* Eigenvalues, descending, and vectors, one a row, of a symmetric matrix [n, n], which is lost. */
void spectral_twin_eigen(double *matrix, int n, double *values, double *vectors);

/* model [items, items] = (linear + ideal D^−½ V Vᵀ D^½) p(W); scratch [2, items, items]. */
void spectral_twin_model(const double *linear, const double *w, const double *root, int items, const double *vectors,
                         int count, double ideal, double length, double *model, double *scratch);

#endif
