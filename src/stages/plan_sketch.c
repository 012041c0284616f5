#include "stages/plan_sketch.h"

#include <math.h>

void plan_sketch_add(plan_sketch *s, uint64_t hash) {
  const uint64_t place = hash >> (64 - PLAN_SKETCH_BITS), rest = hash << PLAN_SKETCH_BITS;
  const int zeroes = rest == 0 ? 64 - PLAN_SKETCH_BITS : __builtin_clzll(rest);
  if (zeroes + 1 > s->most[place]) s->most[place] = (uint8_t)(zeroes + 1);
}

double plan_sketch_count(const plan_sketch *s) {
  const double m = PLAN_SKETCH_REGISTERS, alpha = 0.7213 / (1 + 1.079 / m);
  double sum = 0;
  int empty = 0;
  for (int i = 0; i < PLAN_SKETCH_REGISTERS; i++) {
    sum += ldexp(1, -s->most[i]);
    empty += s->most[i] == 0;
  }
  const double raw = alpha * m * m / sum;
  /* Few keys leave registers empty, and these tell more. */
  return raw <= 2.5 * m && empty > 0 ? m * log(m / empty) : raw;
}

double plan_sketch_extrapolate(double half, double whole, double seen, double total) {
  if (half <= 0 || whole <= half || total <= seen) return whole;
  const double power = fmin(1, log2(whole / half));
  return whole * pow(total / seen, power);
}
