#include "math/symmetric.h"

/* LAPACK has no header of its own in C. */
void dsyevd_(const char *job, const char *triangle, const int *n, double *a, const int *stride, double *values,
             double *work, const int *work_count, int *work_int, const int *work_int_count, int *info);

/* As the manual of dsyevd asks for vectors: 1 + 6 n + 2 n², and 3 + 5 n. */
int64_t symmetric_scratch(int width) { return 1 + 6 * (int64_t)width + 2 * (int64_t)width * width; }
int64_t symmetric_scratch_int(int width) { return 3 + 5 * (int64_t)width; }

status symmetric_eigen(int width, double *matrix, double *values, double *scratch, int *scratch_int) {
  const int count = (int)symmetric_scratch(width), count_int = (int)symmetric_scratch_int(width);
  int info = 0;
  /* Columns to Fortran are rows to us: the vectors come out one a row. */
  dsyevd_("V", "L", &width, matrix, &width, values, scratch, &count, scratch_int, &count_int, &info);
  if (info != 0)
    return status_fail(STATUS_BUG, "the eigenvalues of a %d × %d matrix do not converge (dsyevd says %d)", width, width,
                       info);
  return STATUS_OK;
}
