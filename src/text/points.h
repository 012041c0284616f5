/* A text as an array of code points, for work that looks at neighbours. */
#ifndef TEXT_POINTS_H
#define TEXT_POINTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct points {
  int64_t count;
  int32_t *at;
} points;

typedef enum points_form { POINTS_NFC, POINTS_NFD, POINTS_NFKC_CASEFOLD } points_form;

/* Fails: STATUS_DATA if the text is not UTF-8. */
status points_of(const char *text, arena *a, points *out);

/* In one of Unicode's normal forms (UAX #15). */
status points_normalise(const points *in, points_form form, arena *a, points *out);

status points_text(const points *p, arena *a, char **out);

/* Runs of white space become one space; none is left at the ends. */
void points_fold_spaces(points *p);

#endif
