/* scaling.csv: a row for every stage, and the total, of every whole run; columns as scaling_measure_name, in seconds
 * and bytes; empty where a run does not say. */
#ifndef STAGES_SCALING_CSV_H
#define STAGES_SCALING_CSV_H

#include "stages/scaling_series.h"

/* Local. Fails: STATUS_IO, STATUS_PERMISSION. */
status scaling_csv_write(const char *path, const scaling_series series[SCALING_KINDS], arena *a);

#endif
