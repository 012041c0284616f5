/* What was learnt, and how well: the sections on the recommender and the writer. */
#ifndef STAGES_REPORT_MODELS_H
#define STAGES_REPORT_MODELS_H

#include "stages/report_night.h"
#include "stages/report_page.h"

/* ALS by sweeps against the popularity baseline. */
void report_models_recommender(report_page *p, const report_night *n);

/* The writer by epochs against a trigram; the adversarial tuning and what its gate decided. */
void report_models_writer(report_page *p, const report_night *n);

#endif
