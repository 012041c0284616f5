/* The item side, as decide needs it on every rank, and one logical partition of users. */
#ifndef STAGES_DECIDE_SIDE_H
#define STAGES_DECIDE_SIDE_H

#include "data/catalogue.h"
#include "data/decision.h"
#include "data/factors.h"
#include "data/profile.h"
#include "data/users.h"
#include "stages/offers.h"
#include "stages/stage.h"

typedef struct decide_side {
  catalogue items;
  words words;
  item_model model;
  item_model ratings; /* explicit feedback only; items.count is 0 otherwise */
  offers offers;
  uint8_t *hot;      /* [items]: among the decide.hot_share most popular of its category, or of all that have none */
  float *norm;       /* [items], length of its factor */
  item_row *popular; /* [items], most popular first */
  int64_t now;       /* Unix seconds */
  double new_days, away_days, temperature, holdout_share;
  int explore;
  const char *salt;
  uint64_t seed;
} decide_side;

typedef struct decide_part {
  users users;
  profiles profiles;
  candidate_lists candidates;
  factors ratings; /* explicit feedback only */
} decide_part;

/* Local. Memory is the stage's. */
status decide_side_load(const stage *s, decide_side *out);

/* Local. Fails also with STATUS_DATA where the files do not have the same users. */
status decide_part_load(const stage *s, const decide_side *side, int index, int count, arena *a, decide_part *out);

#endif
