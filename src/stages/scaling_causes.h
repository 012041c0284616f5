/* Where a series stops scaling, and why: sentences and a table made from its numbers. */
#ifndef STAGES_SCALING_CAUSES_H
#define STAGES_SCALING_CAUSES_H

#include "stages/report_page.h"
#include "stages/scaling_model.h"

/* What was lost between the base and the largest size on which each rank had a core; work that ranks repeat, from CPU
 * seconds, at the largest size of all. */
void scaling_causes_measured(report_page *p, const scaling_series *s, scaling_kind kind);

/* From how many ranks on the model's efficiency is below one half, its fastest size, and what most of the time goes
 * into there. */
void scaling_causes_simulated(report_page *p, const scaling_model *m);

#endif
