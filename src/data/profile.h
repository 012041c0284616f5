/* What is known of each user of one logical partition besides factors. */
#ifndef DATA_PROFILE_H
#define DATA_PROFILE_H

#include <stdint.h>

#include "data/strings.h"

enum { PROFILE_KEYWORDS = 8, PROFILE_HOURS = 24, PROFILE_NO_HOUR = 255 };

typedef struct profiles {
  int32_t count;
  int32_t *keyword;      /* [count, PROFILE_KEYWORDS], rows of the job's word table, best first; -1: no more */
  float *keyword_weight; /* [count, PROFILE_KEYWORDS], TF-IDF, descending */
  int32_t *segment;      /* [count], in [0, profile.segments) */
  float *recency;        /* [count], days from the last event to the night; < 0: no event */
  int32_t *frequency;    /* [count], events */
  double *value;         /* [count], money spent (EVENT_BOUGHT), or 0 */
  uint8_t *hour;         /* [count], the UTC hour with most events, or PROFILE_NO_HOUR */
} profiles;

/* The words that keywords point into: those of the items' titles and keywords. */
typedef struct words {
  int32_t count;
  strings word;      /* as it is written in messages */
  uint8_t *language; /* [count], enum language */
  float *idf;        /* [count] */
  /* words of each item, by catalogue row */
  int64_t *item_offset; /* [items + 1] */
  int32_t *item_word;   /* [item_offset[items]] */
} words;

#endif
