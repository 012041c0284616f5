/* The counts of the night, summed over ranks and handed to the manifest, the log and the report. */
#ifndef STAGES_GENERATE_NUMBERS_H
#define STAGES_GENERATE_NUMBERS_H

#include "stages/generate_candidates.h"
#include "stages/generate_shards.h"

typedef struct generate_numbers {
  generate_tally tally;   /* of this rank; after publishing: of all */
  generate_counts counts; /* likewise */
  int64_t templates_distinct, templates_largest;
} generate_numbers;

/* Collective. Sums the counts and item_messages[items] over ranks, puts them into stage.done.numbers and the log, and
 * writes work/generate/items.nmt ("messages" i64: how often each item is written about). Fails: STATUS_IO. */
status generate_numbers_publish(stage *s, generate_numbers *n, int64_t *item_messages, int32_t items);

#endif
