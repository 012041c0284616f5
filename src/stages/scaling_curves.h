/* The pictures of scaling.html. */
#ifndef STAGES_SCALING_CURVES_H
#define STAGES_SCALING_CURVES_H

#include "stages/report_page.h"
#include "stages/scaling_model.h"

/* Time, speed-up and efficiency of a series, measured, ideal and by the model (where that is known). */
void scaling_curves_measured(report_page *p, const scaling_series *s, scaling_kind kind, const scaling_model *m);

/* The model from 1 to 4,096 ranks: time of the whole and of each stage, efficiency, and what the time consists of. */
void scaling_curves_simulated(report_page *p, const scaling_model *m);

/* Whether a stage takes enough of the base's time to be drawn: one hundredth. */
int scaling_curves_is_large(const scaling_series *s, int stage);

#endif
