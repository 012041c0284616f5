/* MANIFEST.json: what the night consists of, gathered from all ranks. */
#ifndef STAGES_GENERATE_MANIFEST_H
#define STAGES_GENERATE_MANIFEST_H

#include "stages/generate_shards.h"

/* Collective. Rank 0 writes the manifest: the accounts of ingest and of this stage's counts (sums over all ranks),
 * inputs and models with their digests, all stages so far and this one, and the shards of all ranks (mine[mine_count]).
 * Fails: STATUS_BUG where an account does not balance, STATUS_MISSING, STATUS_IO; on all ranks alike. */
status generate_manifest_write(const stage *s, const generate_counts *counts, const shard_summary *mine,
                               int mine_count);

#endif
