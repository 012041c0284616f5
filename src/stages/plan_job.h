/* Everything that a plan of a job rests on: what its inputs hold, what this machine does, how the night would lie on
 * nodes. */
#ifndef STAGES_PLAN_JOB_H
#define STAGES_PLAN_JOB_H

#include "base/settings.h"
#include "stages/plan_inputs.h"
#include "stages/plan_model.h"

typedef struct plan_job {
  plan_numbers numbers;
  plan_rates rates;
  plan_network network;
  plan_inputs found;
  double node_memory;  /* bytes */
  const char *earlier; /* run folder of the night before whose numbers were used, or NULL */
  const char *dropped; /* a model that such a catalogue is too large for, or NULL */
} plan_job;

/* Local; no MPI; a few seconds. Reads the inputs, runs the kernels, and looks for an earlier night of the job.
 * Fails: STATUS_MISSING, STATUS_DATA, STATUS_SETTINGS, STATUS_PERMISSION, as the night would. */
status plan_job_read(const settings *s, arena *a, plan_job *out);

/* A platform that is not there yet. */
typedef struct plan_platform {
  double users, items, events;
} plan_platform;

/* Local; a few seconds. The same without inputs, for the stages up to factorise: no copy is read, and nothing of the
 * stages that write is known. Fails: STATUS_SETTINGS. */
status plan_job_imagine(const settings *s, const plan_platform *p, plan_job *out);

/* What the settings say of the model's shapes, and what they bound. Part of plan_job_read. */
void plan_job_shapes(const settings *s, plan_numbers *n);

/* What users and items make of it: conditions, messages, texts asked. Part of plan_job_read. */
void plan_job_bound(const settings *s, plan_numbers *n);

/* Replaces bounds by what stages of a finished night say. *used is 1 where it did. Part of plan_job_read. */
status plan_job_learn(const char *run, const settings *s, arena *a, plan_numbers *n, int *used);

#endif
