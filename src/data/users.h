/* The users of one logical partition, with what they did. Rows ascend by id. */
#ifndef DATA_USERS_H
#define DATA_USERS_H

#include <stdint.h>

#include "data/ids.h"
#include "data/strings.h"

/* What an event says about the user and the item; a job maps its own event names onto these (events.kinds). */
typedef enum event_meaning { EVENT_VIEWED, EVENT_LIKED, EVENT_BOUGHT, EVENT_MEANINGS } event_meaning;

/* What a (user, item) pair is for. A pair is of the earliest of these folds that any of its events is in: what was seen
 * in TRAIN is no target later. */
typedef enum fold {
  FOLD_TRAIN,      /* models learn from it */
  FOLD_VALIDATION, /* sweeps, weights and settings are judged by it; then models learn from it too */
  FOLD_TEST,       /* only in runs that evaluate: nothing learns from it */
  FOLDS
} fold;

enum { USER_SUPPRESSED = 1, USER_HAS_LANGUAGE = 2 };

typedef struct users {
  int32_t count;
  user_id *id;       /* [count], ascending */
  strings name;      /* the platform's own user ids */
  uint8_t *language; /* [count], enum language */
  uint8_t *flags;    /* [count], USER_… bits */

  /* Every accepted event but those held back for a test, by user, then ascending by (time, item, meaning). */
  int64_t *event_offset;  /* [count + 1] */
  item_row *event_item;   /* [event_offset[count]] */
  uint8_t *event_meaning; /* enum event_meaning */
  int64_t *event_time;    /* Unix seconds */
  float *event_value;     /* money spent, or the rating; 0 where the input has none */

  /* Events merged per (user, item), ascending by item. */
  int64_t *offset; /* [count + 1] */
  item_row *item;  /* [offset[count]] */
  float *weight;   /* implicit: sum of event weight × decay over all events, > 0; explicit: mean rating. Events held
                      back for a test count only in pairs of FOLD_TEST, which have no others */
  float *train_weight; /* the same over events before the validation cut; meaningless but in FOLD_TRAIN */
  uint8_t *fold;       /* enum fold */
  uint8_t *meanings;   /* bit m: there was an event with meaning m */
  int64_t *last;       /* time of the last event */
} users;

#endif
