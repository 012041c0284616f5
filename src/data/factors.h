/* What ALS learns. */
#ifndef DATA_FACTORS_H
#define DATA_FACTORS_H

#include <stdint.h>

/* The factors of a table of rows: all items, or the users of one logical partition. */
typedef struct factors {
  int32_t count;
  int width;    /* length of a factor; "rank" means MPI only */
  float *value; /* [count, width], row-major */
  float *bias;  /* [count]; all 0 for implicit feedback */
} factors;

typedef struct item_model {
  factors items;
  double mean;       /* explicit: mean rating; implicit: 0 */
  float *popularity; /* [items.count], share of users, for the fallback and the tone `hot` */
} item_model;

#endif
