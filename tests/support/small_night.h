/* A platform of a few users as all stages before `generate` leave it, with a writer that knows how often each piece
 * occurs and no more: its texts are mostly nonsense, which is what rules, cap and ladder are there for. */
#ifndef SUPPORT_SMALL_NIGHT_H
#define SUPPORT_SMALL_NIGHT_H

#include "base/arena.h"
#include "base/settings.h"
#include "data/catalogue.h"
#include "data/decision.h"
#include "data/users.h"

enum { SMALL_NIGHT_PARTITIONS = 4, SMALL_NIGHT_ITEMS = 60, SMALL_NIGHT_WIDTH = 4 };

typedef struct small_night {
  settings *settings;
  catalogue items;
  users users[SMALL_NIGHT_PARTITIONS];
  decisions decisions[SMALL_NIGHT_PARTITIONS];
  int64_t outcome[OUTCOME_COUNT];
} small_night;

typedef struct small_night_options {
  const char *data; /* TEST_DATA */
  int users;
  int is_mute;                 /* the writer wants nothing but to end */
  const char *const *override; /* settings "key=value", NULL-terminated; NULL: none */
} small_night_options;

/* Builds the night in memory and, where `run` is not NULL, writes it to that folder. The same on every rank. */
status small_night_make(const small_night_options *options, const char *run, arena *a, small_night *out);

#endif
