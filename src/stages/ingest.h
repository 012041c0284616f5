/* First stage: what users did, the items and the users, read from the platform's files and laid out by user partition.
 *
 * Reads: inputs.interactions, inputs.test (only to evaluate), inputs.catalogue (or derives it from the events),
 * inputs.users, inputs.suppression.
 *
 * Writes: items.nmt, the catalogue, whose rows ascend by id; users-I-of-P.nmt, one file for every logical user
 * partition, empty ones too; rejects.csv, file,line,reason of every row that could not be used, in the order of the
 * files, without contents.
 *
 * Numbers: rows_read = rows_accepted + sum of rejected.* + sum of excluded.*; users, items, events, interactions, now
 * (1 + time of the last event), cut (events from it on are for validation), duplicates_merged (= rejected.duplicate),
 * suppressed, suppression_unknown, test_rows, test_events, test_targets, test_newcomers (users with test events only),
 * test_rejected.*, items_without_users where a test is held back, catalogue_rows, items_rejected.*, user_rows,
 * users_rejected.* where these files are given.
 *
 * Speaks: each rank reads a range of each file; counts of titles and prices go to the owner of the item, the catalogue
 * to all ranks, users and their events to the owner of the user's partition; no rank ever holds all users.
 *
 * Restarts: from the beginning.
 *
 * Fails: STATUS_MISSING for a file that is not there; STATUS_DATA for a file that is empty, cut, without a column that
 * the settings name, of which more than inputs.rejects_share cannot be used, or without any usable row; STATUS_SETTINGS
 * for settings that contradict each other; STATUS_IO.
 *
 * What a row is: a record of the file; in a list (`user item item …`) each item. Ids are compared without the white
 * space around them. Events that agree in user, item, time, kind and quantity (in its first seven digits) are one
 * event; the first line is kept.
 *
 * The weight of an event is that of its kind × the weight column × 0.5^(age / events.half_life); a quantity says how
 * large an order is, not how much the item is liked, and counts for the money spent only. Weights below 1e-6 count as
 * 1e-6, so that what was touched stays known. */
#ifndef STAGES_INGEST_H
#define STAGES_INGEST_H

#include "stages/stage.h"

status ingest_run(stage *s);

#endif
