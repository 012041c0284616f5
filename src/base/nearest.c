#include "base/nearest.h"

/* By one row of the table. */
int nearest_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
  int row[NEAREST_MOST + 1];
  if (a_length > NEAREST_MOST) a_length = NEAREST_MOST;
  if (b_length > NEAREST_MOST) b_length = NEAREST_MOST;
  for (size_t j = 0; j <= b_length; j++) row[j] = (int)j;
  for (size_t i = 1; i <= a_length; i++) {
    int diagonal = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= b_length; j++) {
      const int replaced = diagonal + (a[i - 1] != b[j - 1]);
      const int shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      diagonal = row[j];
      row[j] = replaced < shorter ? replaced : shorter;
    }
  }
  return row[b_length];
}

int nearest_limit(size_t length) { return 2 + (int)length / 4; }
