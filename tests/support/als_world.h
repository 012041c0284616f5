/* A history with tastes for tests of ALS: users of few and of many interactions, users and items of none, partitions of
 * nobody; weights, and ratings from 1 to 5 of the same pairs; the taste as feature of users and items. The same on any
 * number of ranks. */
#ifndef SUPPORT_ALS_WORLD_H
#define SUPPORT_ALS_WORLD_H

#include "recommend/history.h"

enum {
  ALS_WORLD_TASTES = 4,
  ALS_WORLD_USERS = 90,
  ALS_WORLD_ITEMS = 150,
  ALS_WORLD_SILENT = 5 /* users and items: every so many have none */
};

/* Local. `parts` logical partitions, of which every third is empty. */
status als_world_make(const comm *c, int parts, arena *a, history *out);

/* Local. The taste of an item or user: they like their own. */
int als_world_taste(int64_t number);

#endif
