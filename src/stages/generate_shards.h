/* Messages into shards, and what is counted on the way. */
#ifndef STAGES_GENERATE_SHARDS_H
#define STAGES_GENERATE_SHARDS_H

#include "io/shard.h"
#include "stages/generate_side.h"

/* Counts of a rank, summed over ranks in the end. Only int64_t, so that one sum serves all. */
typedef struct generate_counts {
  int64_t outcome[OUTCOME_COUNT]; /* users */
  int64_t source[SOURCE_COUNT];   /* messages, as all below */
  int64_t language[LANGUAGE_COUNT];
  int64_t tone[TONE_COUNT];
  int64_t domain[DOMAIN_COUNT];
  int64_t reason;                  /* with a reason */
  int64_t last[LANGUAGE_COUNT][2]; /* on the last rung: the generic line, the line without a title */
  int64_t columns, columns_most;
} generate_counts;

/* Local. Writes the shard of one logical partition of `count`: each user with a decision, in order; those without a
 * text get the plainest line. Adds to *counts and to item_messages[items]. */
status generate_shards_write(const stage *s, const generate_side *side, const generate_part *p, int count,
                             generate_counts *counts, int64_t *item_messages, shard_summary *out);

#endif
