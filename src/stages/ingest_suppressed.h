/* Ids of those who must not be written to, on the way to who owns their partitions. */
#ifndef STAGES_INGEST_SUPPRESSED_H
#define STAGES_INGEST_SUPPRESSED_H

#include "stages/ingest_exchange.h"

/* Collective. Sends people->suppressed, and frees it; out->suppressed, from `keep`, becomes what ingest_owned says. `a`
 * holds what is on its way. Fails: as comm_exchange. */
status ingest_suppressed_send(const stage *s, const partition *owners, ingest_people *people, arena *keep, arena *a,
                              ingest_owned *out);

#endif
