/* Users and their events on the way from who read them to who owns them. */
#ifndef STAGES_INGEST_EXCHANGE_H
#define STAGES_INGEST_EXCHANGE_H

#include "stages/ingest_people.h"
#include "stages/ingest_rows.h"
#include "stages/stage.h"

/* What a rank owns. Starts as {0}. */
typedef struct ingest_owned {
  ingest_table users;   /* tally: ingest_people_note of the smallest line of inputs.users, or INT64_MAX */
  int32_t *place;       /* [users.count], table numbers in ascending order of the user ids */
  ingest_events events; /* sorted, so that bucket by bucket users ascend; event.user is the place in that order */
  user_id *suppressed;  /* [suppressed_count], ascending, each once, of users of our partitions, known or not */
  int64_t suppressed_count;
} ingest_owned;

/* Collective. Sends everything to its owner, sorts it, and merges events that agree in user, item, time, kind and
 * quantity; the lines that are dropped are noted in rows->rejects of the rank that read them. Frees what it sends.
 * Users whose every event was rejected, and who are in no users file, do not arrive. owners  the cut of the logical
 * partitions during ingest *out    suppressed is from the arena */
status ingest_exchange(const stage *s, const partition *owners, ingest_rows *rows, ingest_people *people, arena *a,
                       ingest_owned *out);

void ingest_exchange_free(ingest_owned *owned);

#endif
