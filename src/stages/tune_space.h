/* Which settings of a model are tried. A table of ours covers every model; tune.space of a job replaces or adds rows.
 */
#ifndef STAGES_TUNE_SPACE_H
#define STAGES_TUNE_SPACE_H

#include "base/settings.h"

typedef enum tune_scale { TUNE_LINEAR, TUNE_LOG, TUNE_LIST } tune_scale;

typedef struct tune_dimension {
  const char *model, *key;
  tune_scale scale;
  double low, high;
  const char *values; /* TUNE_LIST: comma-separated */
  double share;       /* TUNE_LIST: members above this share of the items are passed over; 0: none is */
} tune_dimension;

enum { TUNE_DIMENSIONS_MOST = 16 };

typedef struct tune_space {
  int count;
  int32_t items;
  tune_dimension dimension[TUNE_DIMENSIONS_MOST];
} tune_space;

/* Local. What is tried for `model` on so many items; nothing where it has no settings worth trying.
 * Fails: STATUS_SETTINGS for a key that is none, a range that is empty, or too many dimensions. */
status tune_space_find(const settings *s, const char *model, int32_t items, tune_space *out);

/* Local. Overrides `s` with trial `trial` of `trials`: a Latin hypercube (McKay et al. 1979), keyed by seed, model and
 * dimension; trial 0 is what the job says, and overrides nothing. Numbers have three digits. */
status tune_space_draw(const tune_space *space, uint64_t seed, int trial, int trials, settings *s);

/* Local. What `s` says for a dimension, as text. */
status tune_space_value(const tune_dimension *d, const settings *s, arena *a, char **out);

/* Local. Moves one setting by `step` of its range, on the dimension's own scale and no further than its ends; of a
 * list, to the next or the previous member. *moved is 0 where there is nowhere to go. */
status tune_space_step(const tune_space *space, const tune_dimension *d, double step, arena *a, settings *s,
                       int *moved);

#endif
