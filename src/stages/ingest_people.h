/* Users that files name besides the events: inputs.users and inputs.suppression. */
#ifndef STAGES_INGEST_PEOPLE_H
#define STAGES_INGEST_PEOPLE_H

#include "stages/ingest_rejects.h"
#include "stages/ingest_table.h"
#include "stages/stage.h"

/* This rank's ranges. Starts as {0}. */
typedef struct ingest_people {
  ingest_rejects rejects;   /* of inputs.users */
  ingest_table listed;      /* users of inputs.users; tally: ingest_people_note of the first line */
  ingest_buffer suppressed; /* of user_id */
} ingest_people;

enum { INGEST_NO_LANGUAGE = 7 };

/* Line and language in one integer whose order is that of the lines. */
static inline int64_t ingest_people_note(int64_t line, int spoken) { return line * 8 + spoken; }
static inline int ingest_people_language(int64_t note) { return (int)(note & 7); }

/* Local. Reads range `rank` of `size` of both files, where the settings name them.
 * Fails: as the reader; STATUS_DATA for a line of the suppression list that cannot be read, since it may be a person
 * who must not be written to. */
status ingest_people_read(const stage *s, ingest_people *out);

void ingest_people_free(ingest_people *p);

#endif
