/* A small platform with planted tastes, as ingest and profile leave it in a run folder, for tests of later stages.
 *
 * 600 users of four tastes and 96 items of four categories (shop, news, travel, social), most events within one's
 * taste; and the awkward ones: users without events, suppressed users, one who has seen everything, items that nobody
 * touched, that are not available, that have no title in one language or in none. */
#ifndef SUPPORT_PLANTED_H
#define SUPPORT_PLANTED_H

#include "data/catalogue.h"
#include "data/profile.h"
#include "data/users.h"
#include "stages/stage.h"

enum {
  PLANTED_USERS = 600,
  PLANTED_ITEMS = 96,
  PLANTED_TASTES = 4,
  PLANTED_PARTS = 16,
  PLANTED_NOW = 1700000000,
  PLANTED_UNTITLED = 7, /* names of items: no title at all */
  PLANTED_UNAVAILABLE = 11,
  PLANTED_UNTOUCHED = 13,
  PLANTED_TWIN = 20, /* bears the titles of item 16 */
};

typedef struct planted_options {
  int ratings;       /* explicit feedback: weights are ratings 1 … 5 */
  int no_validation; /* every interaction stands before the cut */
} planted_options;

/* Number of an item or user, which its name ("item 17") holds; names are not in the order of rows. */
int planted_number(const char *name);

/* The stage, in RUN with the settings of these tests; its arena is `a`. */
status planted_stage(const comm *c, const char *run, const char *name, const planted_options *o, arena *a, stage *out);

/* Local. Writes RUN/work/ingest and RUN/work/profile. */
status planted_write(const stage *s, const planted_options *o);

#endif
