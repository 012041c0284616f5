/* The sections of the page, one function each; they write nothing where the run has nothing to say. */
#ifndef STAGES_REPORT_VOLUME_H
#define STAGES_REPORT_VOLUME_H

#include "stages/report_night.h"
#include "stages/report_page.h"

/* Head and the large numbers. */
void report_volume_head(report_page *p, const report_night *n);

/* Rows from the input to what was learnt from, users from the input to messages: accounts that balance. */
void report_volume_flow(report_page *p, const report_night *n);

/* Messages by rung, language, tone and domain. */
void report_volume_messages(report_page *p, const report_night *n);

/* Catalogue: how much of it was written about, and most about what. */
void report_volume_items(report_page *p, const report_night *n);

/* Seconds and memory of each stage. */
void report_volume_machine(report_page *p, const report_night *n);

#endif
