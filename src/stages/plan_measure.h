/* Runs the program's own kernels for a moment each, on made-up memory of the job's shapes. */
#ifndef STAGES_PLAN_MEASURE_H
#define STAGES_PLAN_MEASURE_H

#include "base/arena.h"
#include "data/copy.h"
#include "stages/plan_numbers.h"
#include "stages/plan_rates.h"

/* Local; a few seconds. Sets every rate that reading the inputs has not set.
 *   c       lines of copy, for the rules
 *   folder  where files can be written for a moment, to learn how long a commit takes
 * Fails: STATUS_BUG when memory is out; STATUS_SETTINGS where the rules cannot be made. */
status plan_measure_all(const plan_numbers *n, const copy *c, const char *folder, plan_rates *r);

/* The same for the stages up to factorise. */
status plan_measure_models_only(const plan_numbers *n, const char *folder, plan_rates *r);

/* Parts of it. `a` is given back by the caller. */
status plan_measure_memory(const char *folder, arena *a, plan_rates *r);
status plan_measure_als(const plan_numbers *n, arena *a, plan_rates *r);
status plan_measure_models(const plan_numbers *n, arena *a, plan_rates *r);
status plan_measure_writer(const plan_numbers *n, arena *a, plan_rates *r);
status plan_measure_decode(const plan_numbers *n, arena *a, plan_rates *r);
status plan_measure_judge(const plan_numbers *n, arena *a, plan_rates *r);
status plan_measure_texts(const copy *c, arena *a, plan_rates *r);

/* CPU seconds of one run of `work`: the least of several, until `PLAN_MOMENT` seconds are spent. */
#define PLAN_MOMENT 0.12
typedef struct plan_clock {
  double began, spent, least;
  int runs;
} plan_clock;

/* while (plan_clock_goes_on(&c)) { work } */
int plan_clock_goes_on(plan_clock *c);

#endif
