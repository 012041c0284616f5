/* Whom and what the rows of a file speak of. Rows wait here in a short queue while the tables of users and items are
 * fetched from memory, which takes longer than all else that is done with a row. Local. */
#ifndef STAGES_INGEST_MEET_H
#define STAGES_INGEST_MEET_H

#include "stages/ingest_rows.h"

typedef struct ingest_meet ingest_meet;

/* With a catalogue, items are its rows; with none (NULL), places in out->items. Fails: STATUS_BUG. */
status ingest_meet_open(const digest_key *key, const catalogue *c, ingest_rejects *rejects, ingest_rows *out, arena *a,
                        ingest_meet **m);

/* The place or row of an item, -1 where the catalogue lacks it, at once. */
status ingest_meet_item(ingest_meet *m, const char *name, int64_t length, int32_t *item);

/* Where the next event is to be written, all but its user and item, before ingest_meet_add. */
ingest_event *ingest_meet_event(ingest_meet *m);

/* User and item of that event. They are entered, and it is added to out->events, some calls later; one of an unknown
 * item is rejected then. Without an item's name (NULL, 0), event.item is there already. Texts are copied. */
status ingest_meet_add(ingest_meet *m, const char *user, int64_t user_length, const char *item, int64_t item_length);

/* Takes in all that wait, and counts the users' events in out->tally. */
status ingest_meet_end(ingest_meet *m);

/* NULL: nothing. */
void ingest_meet_close(ingest_meet *m);

#endif
