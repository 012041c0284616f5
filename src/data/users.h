/* The users of one logical partition, with what they did. Rows ascend by id. */
#ifndef DATA_USERS_H
#define DATA_USERS_H

#include <stdint.h>

#include "data/ids.h"
#include "data/strings.h"

/* What an event says about the user and the item; a job maps its own event names onto these (events.kinds). */
typedef enum event_meaning { EVENT_VIEWED, EVENT_LIKED, EVENT_BOUGHT, EVENT_MEANINGS } event_meaning;

enum { USER_SUPPRESSED = 1, USER_HAS_LANGUAGE = 2 };

typedef struct users {
  int32_t count;
  user_id *id;       /* [count], ascending */
  strings name;      /* the platform's own user ids */
  uint8_t *language; /* [count], enum language */
  uint8_t *flags;    /* [count], USER_… bits */

  /* Every accepted event, by user, then ascending by (time, item, meaning). */
  int64_t *event_offset;  /* [count + 1] */
  item_row *event_item;   /* [event_offset[count]] */
  uint8_t *event_meaning; /* enum event_meaning */
  int64_t *event_time;    /* Unix seconds */
  float *event_value;     /* money spent, or the rating; 0 where the input has none */

  /* Events merged per (user, item), ascending by item. */
  int64_t *offset;     /* [count + 1] */
  item_row *item;      /* [offset[count]] */
  float *weight;       /* implicit: sum of event weight × decay over all events, > 0; explicit: mean rating */
  float *train_weight; /* the same over events before the validation cut; meaningless where in_train is 0 */
  uint8_t *in_train;   /* 1: seen before the validation cut; 0: first seen after it, a validation target */
  uint8_t *meanings;   /* bit m: there was an event with meaning m */
  int64_t *last;       /* time of the last event */
} users;

#endif
