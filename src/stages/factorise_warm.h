/* Last night's items as a beginning: what a model learns changes little from night to night. */
#ifndef STAGES_FACTORISE_WARM_H
#define STAGES_FACTORISE_WARM_H

#include "recommend/als_model.h"
#include "stages/stage.h"

/* Collective. Where als.warm_start names the folder of an earlier run, options->start is set to its factors of the
 * items that are still there, from `a`, and *sweeps to als.warm_sweeps where that is less. Where its factors are of
 * another length, the log says so and nothing is set. Fails: STATUS_MISSING, STATUS_DATA (files of the earlier run);
 * STATUS_BUG (memory). */
status factorise_warm_start(const stage *s, const history *h, arena *a, als_model_options *options, int *sweeps);

#endif
