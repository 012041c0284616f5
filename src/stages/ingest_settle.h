/* The events of a rank's users put in order. */
#ifndef STAGES_INGEST_SETTLE_H
#define STAGES_INGEST_SETTLE_H

#include "base/arena.h"
#include "comm/comm.h"
#include "stages/ingest_buffer.h"
#include "stages/ingest_events.h"

/* Events that are the same as an earlier one, by the rank that read them; offsets in bytes.
 *   *line    lines of the file; those of inputs.test below 0
 *   *offset  [size + 1] */
typedef struct ingest_dropped {
  int64_t *line, *offset;
} ingest_dropped;

/* Who read what: ranks take the lines of a file in their order.
 *   first  [size][2], the first line of each rank in inputs.interactions and in inputs.test; a rank without any has
 *          that of the next, or INT64_MAX */
typedef struct ingest_readers {
  int size;
  const int64_t *first;
} ingest_readers;

/* Collective. What each rank read: `first_line` of these files on this rank, 0 for none. Fails: STATUS_BUG. */
status ingest_settle_readers(const comm *c, const int64_t first_line[2], arena *a, ingest_readers *out);

/* Local. Events of user i are b->event[end[i - 1], end[i]), in any order. Puts each user's in the order of
 * data/users.h, merges those that agree in user, item, time, kind, quantity and held (the first line is kept; the
 * others are appended to `dropped`, of ingest_event), and closes the gaps; b->count becomes what is left. Fails:
 * STATUS_BUG. */
status ingest_settle(ingest_bucket *b, const int64_t *end, int64_t users, ingest_buffer *dropped);

/* Local. Whose the dropped ones are. Fails: STATUS_BUG. */
status ingest_settle_list(const ingest_buffer *dropped, const ingest_readers *from, arena *a, ingest_dropped *out);

#endif
