/* The sections on the texts themselves. */
#ifndef STAGES_REPORT_TEXTS_H
#define STAGES_REPORT_TEXTS_H

#include "stages/report_night.h"
#include "stages/report_page.h"

/* Candidates, what the rules threw out, and how alike the texts are. */
void report_texts_rules(report_page *p, const report_night *n);

/* Messages from all languages and tones. */
void report_texts_sample(report_page *p, const report_night *n);

/* What not to read into the numbers. */
void report_texts_limits(report_page *p, const report_night *n);

#endif
