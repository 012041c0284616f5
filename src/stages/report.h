/* The morning's page: what the night did, in one file that needs nothing else.
 *
 * Reads     RUN/MANIFEST.json, RUN/log.jsonl, shards (for a sample), the DONE.json of every stage, ingest/items,
 *           generate/items
 * Writes    RUN/report.html (self-contained, inline SVG)
 * Speaks    nothing; rank 0 works, the others wait
 * Restarts  from the beginning
 * Fails     STATUS_MISSING, STATUS_DATA, STATUS_IO */
#ifndef STAGES_REPORT_H
#define STAGES_REPORT_H

#include "stages/stage.h"

/* Collective. */
status report_run(stage *s);

#endif
