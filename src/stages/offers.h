/* What may be offered to whom: items that are there and have a title, and that the user does not know yet, under
 * whatever code. */
#ifndef STAGES_OFFERS_H
#define STAGES_OFFERS_H

#include "base/arena.h"
#include "data/catalogue.h"
#include "data/users.h"

typedef struct offers {
  uint8_t *allowed; /* [items]: available, and titled in some language */
  item_row *same;   /* [items]: the next item of the same title, in a ring; itself where the title is its own */
} offers;

/* Local. */
status offers_find(const catalogue *c, arena *a, offers *out);

/* Local. What the users of a partition are not offered: what they touched, and what is sold under the same title.
 *   *offset [users + 1], *item ascending in a row */
status offers_hidden(const offers *o, const users *u, arena *a, int64_t **offset, item_row **item);

#endif
