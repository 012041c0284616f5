/* Learns what each user likes: factors of users and items by ALS.
 *
 * A ranking model (implicit: the loss counts that an event happened, not what it was rated) is fitted to the events
 * before the validation cut, judged after each sweep by the interactions after it, and fitted again to everything with
 * as many sweeps as were best. With als.feedback explicit a second model with biases learns the ratings; it predicts
 * what a user would give, which ranks poorly, so candidates come from the first and are vetoed by the second
 * (stages/decide).
 *
 * Reads:    work/ingest/items, users-I-of-P
 * Writes:   work/factorise/items (item_model: factors, share of users), users-I-of-P (factors); explicit also
 *           ratings-items (item_model with mean and biases), ratings-I-of-P (factors with biases)
 * Speaks:   per half-sweep one Gram matrix and its eigenbasis; per item half-sweep steps + 1 sums over logical
 * partitions of vectors as long as the item table. Users and their factors never move.
 * Restarts: from the last sweep that was saved (stages/checkpoint.h).
 * Fails:    STATUS_MISSING, STATUS_DATA (files of ingest), STATUS_IO, STATUS_BUG (memory). */
#ifndef STAGES_FACTORISE_H
#define STAGES_FACTORISE_H

#include "stages/stage.h"

/* Collective. */
status factorise_run(stage *s);

#endif
