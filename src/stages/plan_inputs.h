/* The sizes of a job's inputs, found with the readers that the night uses itself. */
#ifndef STAGES_PLAN_INPUTS_H
#define STAGES_PLAN_INPUTS_H

#include "stages/plan_numbers.h"
#include "stages/plan_rates.h"
#include "stages/stage.h"

/* What could not be counted. */
typedef struct plan_inputs {
  int rows_estimated;  /* rows, and what is drawn from them */
  int users_estimated; /* distinct users, items and pairs */
  int items_estimated;
} plan_inputs;

/* Local; no MPI. Fills the inputs' part of `n`, and the rates of reading. Items and users are counted where a file
 * names them; events up to a bounded number of bytes, beyond which they are extrapolated. `s` holds settings, seed, key
 * and arena. Fails: STATUS_MISSING, STATUS_DATA, STATUS_SETTINGS, as ingest would. */
status plan_inputs_read(const stage *s, plan_numbers *n, plan_rates *r, plan_inputs *out);

#endif
