#include "stages/scaling_sums.h"

#include <math.h>
#include <stdlib.h>

enum { REPEATS_MOST = 1000 }; /* as io/series_file.c has it */

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Median as usual: of an even number the mean of the two in the middle. */
static scaling_spread spread_of(double *value, int count) {
  if (count == 0) return (scaling_spread){0, (double)NAN, (double)NAN, (double)NAN};
  qsort(value, (size_t)count, sizeof *value, ascending);
  return (scaling_spread){count, (value[(count - 1) / 2] + value[count / 2]) / 2, value[0], value[count - 1]};
}

static int collect(const scaling_series *s, int size, int row, scaling_measure m, double *out) {
  int count = 0;
  for (int k = 0; k < s->file.repeats; k++) {
    const scaling_run *run = &s->run[size * s->file.repeats + k];
    if (run->is_whole && isfinite(run->value[row][m])) out[count++] = run->value[row][m];
  }
  return count;
}

scaling_spread scaling_sums_spread(const scaling_series *s, int size, int row, scaling_measure m) {
  double value[REPEATS_MOST];
  return spread_of(value, collect(s, size, row, m, value));
}

int scaling_sums_base(const scaling_series *s) {
  for (int i = 0; i < s->file.size_count; i++)
    if (scaling_sums_spread(s, i, SCALING_TOTAL, SCALING_SECONDS).count > 0) return i;
  return -1;
}

scaling_spread scaling_sums_speedup(const scaling_series *s, scaling_kind kind, int size, int row) {
  const scaling_spread t = scaling_sums_spread(s, size, row, SCALING_SECONDS);
  if (t.count == 0) return t;
  const int base = scaling_sums_base(s);
  const double before = scaling_sums_spread(s, base, row, SCALING_SECONDS).median;
  const double whole = before * (kind == SCALING_STRONG ? s->file.size[base].ranks : s->file.size[size].ranks);
  return (scaling_spread){t.count, whole / t.median, whole / t.most, whole / t.least};
}

scaling_spread scaling_sums_efficiency(const scaling_series *s, scaling_kind kind, int size, int row) {
  const scaling_spread up = scaling_sums_speedup(s, kind, size, row);
  const double ranks = s->file.size[size].ranks;
  return (scaling_spread){up.count, up.median / ranks, up.least / ranks, up.most / ranks};
}

int scaling_sums_is_fair(const scaling_series *s, int size) {
  return s->file.cores > 0 && s->file.size[size].ranks <= s->file.cores * s->file.size[size].nodes;
}

int scaling_sums_largest(const scaling_series *s) {
  for (int i = s->file.size_count - 1; i >= 0; i--)
    if (scaling_sums_is_fair(s, i) && scaling_sums_spread(s, i, SCALING_TOTAL, SCALING_SECONDS).count > 0) return i;
  return -1;
}

double scaling_sums_serial(double speedup, int ranks) {
  return ranks > 1 ? (1 / speedup - 1.0 / ranks) / (1 - 1.0 / ranks) : (double)NAN;
}

static double median(const scaling_series *s, int size, int row, scaling_measure m) {
  return scaling_sums_spread(s, size, row, m).median;
}

scaling_loss scaling_sums_loss(const scaling_series *s, scaling_kind kind, int size, int row) {
  static const scaling_measure from[] = {SCALING_SECONDS, SCALING_BUSY, SCALING_WAITED, SCALING_MOVED};
  const int base = scaling_sums_base(s);
  const double ranks = s->file.size[size].ranks;
  /* What the base would have spent, were nothing lost on the way to this size. */
  const double even = kind == SCALING_STRONG ? s->file.size[base].ranks : ranks;
  double more[4];
  for (int i = 0; i < 4; i++) more[i] = ranks * median(s, size, row, from[i]) - even * median(s, base, row, from[i]);
  return (scaling_loss){more[0], more[1], more[2], more[3]};
}

double scaling_sums_repeated(const scaling_series *s, scaling_kind kind, int size, int row) {
  const int base = scaling_sums_base(s);
  const double grown = kind == SCALING_STRONG ? 1 : (double)s->file.size[size].ranks / s->file.size[base].ranks;
  return median(s, size, row, SCALING_CPU) / (grown * median(s, base, row, SCALING_CPU));
}
