/* What this floor calls of ScaLAPACK and BLACS, which have no header of their own in C, and of LAPACK. */
#ifndef COMM_SCALAPACK_H
#define COMM_SCALAPACK_H

#include <mpi.h>

enum { SCALAPACK_DESCRIPTOR = 9 };

int Csys2blacs_handle(MPI_Comm comm);
void Cfree_blacs_system_handle(int handle);
void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
void Cblacs_gridexit(int context);
void Csgebs2d(int context, const char *scope, const char *topology, int height, int width, const float *a, int stride);
void Csgebr2d(int context, const char *scope, const char *topology, int height, int width, float *a, int stride,
              int row, int column);
void descinit_(int *descriptor, const int *height, const int *width, const int *block_height, const int *block_width,
               const int *first_row, const int *first_column, const int *context, const int *stride, int *info);

/* c [height, width] = beta c + alpha aᵀ */
void pstran_(const int *height, const int *width, const float *alpha, const float *a, const int *row_a,
             const int *column_a, const int *descriptor_a, const float *beta, float *c, const int *row_c,
             const int *column_c, const int *descriptor_c);

void spotrf_(const char *triangle, const int *n, float *a, const int *stride, int *info);
void strtri_(const char *triangle, const char *diagonal, const int *n, float *a, const int *stride, int *info);

#endif
