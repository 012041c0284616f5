/* How many different keys there are, in 16 KiB whatever their number: HyperLogLog (Flajolet et al. 2007), standard
 * error 0.8 %; and how their number grows beyond what was looked at. */
#ifndef STAGES_PLAN_SKETCH_H
#define STAGES_PLAN_SKETCH_H

#include <stdint.h>

enum { PLAN_SKETCH_BITS = 14, PLAN_SKETCH_REGISTERS = 1 << PLAN_SKETCH_BITS };

/* Starts as {0}. */
typedef struct plan_sketch {
  uint8_t most[PLAN_SKETCH_REGISTERS];
} plan_sketch;

/* `hash`: 64 well-mixed bits of the key. */
void plan_sketch_add(plan_sketch *s, uint64_t hash);

double plan_sketch_count(const plan_sketch *s);

/* Distinct keys in `total` draws, when the first half of `seen` draws held `half` of them and all of these `whole`:
 * the growth is taken as a power of the number of draws (Heaps). Exact where total == seen. */
double plan_sketch_extrapolate(double half, double whole, double seen, double total);

#endif
