/* What is known of items and users besides what happened between them, as models take it. */
#ifndef STAGES_FACTORISE_FEATURES_H
#define STAGES_FACTORISE_FEATURES_H

#include "data/catalogue.h"
#include "data/users.h"
#include "recommend/history.h"
#include "stages/stage.h"

/* Collective. Words of each item (stages/item_words.h) with their idf, rows of length 1. */
status factorise_features_words(const stage *s, const catalogue *c, arena *a, history_features *out);

/* Local. Of an item its category; of a user its language. Value 1. */
status factorise_features_items(const catalogue *c, arena *a, history_features *out);
status factorise_features_users(const users *u, arena *a, history_features *out);

#endif
