/* The tables of scaling.html: of all stages, and one ready for a paper. */
#ifndef STAGES_SCALING_PAPER_H
#define STAGES_SCALING_PAPER_H

#include "stages/report_page.h"
#include "stages/scaling_model.h"

/* Seconds of each stage at each size, the model's below them. */
void scaling_paper_stages(report_page *p, const scaling_series *s, const scaling_model *m);

/* What the model says from 1 to 4,096 ranks. */
void scaling_paper_simulated(report_page *p, const scaling_model *m);

/* A section with ranks, time, speed-up, efficiency, waiting and imbalance, as LaTeX. */
void scaling_paper_table(report_page *p, const scaling_series *s, scaling_kind kind);

#endif
