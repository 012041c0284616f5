/* What a series says: medians with their spread, speed-up, efficiency, and where the core-seconds went. Pure functions.
 *
 * The base is the smallest size of the series that has a whole run. R ranks, base B ranks, T seconds:
 *   strong   speed-up B·T(B)/T(R), efficiency that over R
 *   weak     efficiency T(B)/T(R), (scaled) speed-up R times that (Gustafson 1988) */
#ifndef STAGES_SCALING_SUMS_H
#define STAGES_SCALING_SUMS_H

#include "stages/scaling_series.h"

typedef struct scaling_spread {
  int count; /* of whole runs; 0: the others are NaN */
  double median, least, most;
} scaling_spread;

/* `size` is an index into s->file.size. */
scaling_spread scaling_sums_spread(const scaling_series *s, int size, int row, scaling_measure m);

/* Index of the base, or -1. */
int scaling_sums_base(const scaling_series *s);

/* From the median of the base, and median, most and least seconds of this size. */
scaling_spread scaling_sums_speedup(const scaling_series *s, scaling_kind kind, int size, int row);
scaling_spread scaling_sums_efficiency(const scaling_series *s, scaling_kind kind, int size, int row);

/* Whether each rank had a core to itself; where it had not, or it is not known, times say nothing about speed. */
int scaling_sums_is_fair(const scaling_series *s, int size);

/* The largest fair size with a whole run, or -1. */
int scaling_sums_largest(const scaling_series *s);

/* The share of work that is not divided among ranks, which the speed-up would follow from (Karp and Flatt 1990). */
double scaling_sums_serial(double speedup, int ranks);

/* Core-seconds that a size took more than the base did for the same work, by medians; they add up to `lost` but for the
 * moments in which ranks start and end apart. */
typedef struct scaling_loss {
  double lost, work, waited, moved; /* all; busy: repeated or slower work; waiting for others; moving bytes */
} scaling_loss;
scaling_loss scaling_sums_loss(const scaling_series *s, scaling_kind kind, int size, int row);

/* CPU seconds of own work, over those of the base for the same work: 1 where nothing is done twice. */
double scaling_sums_repeated(const scaling_series *s, scaling_kind kind, int size, int row);

#endif
