/* Writes the messages of the night: one for every user with a decision, and the manifest that says so.
 *
 * Reads     ingest/items, users; profile/words, profiles; factorise/items, users; all of train; decide/decisions; the
 *           job's banned words
 * Writes    RUN/messages-I-of-P.pb.zst for each logical partition, then RUN/MANIFEST.json; items.nmt (messages per
 *           item)
 * Speaks    hashes of templates, for the near-duplicate cap; counts; shard summaries
 * Restarts  from proposals-*-I-of-P.nmt, what the writer said in each round (stages/generate_checkpoint.h), which are
 *           removed at the end
 * Fails     STATUS_MISSING, STATUS_DATA, STATUS_IO; STATUS_AGAIN where the job is asked to stop; STATUS_SETTINGS where
 *           the limits leave no line at all; STATUS_BUG where an account does not balance
 *
 * The ladder: a text of the writer; after four rounds without one that keeps the rules and the cap, a line of copy;
 * then the plainest line. Every rung keeps the same rules (text/rules.h). */
#ifndef STAGES_GENERATE_H
#define STAGES_GENERATE_H

#include "stages/stage.h"

/* Collective. */
status generate_run(stage *s);

#endif
