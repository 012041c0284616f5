/* What each user of one logical partition is written about, before a word is written. */
#ifndef DATA_DECISION_H
#define DATA_DECISION_H

#include <stdint.h>

#include "data/copy.h"
#include "data/ids.h"

enum { DECISION_CANDIDATES = 10 };

/* The items that suit each user best, of those that may be offered. */
typedef struct candidate_lists {
  int32_t count;  /* users */
  item_row *item; /* [count, DECISION_CANDIDATES], best first, -1: no more */
  float *score;   /* [count, DECISION_CANDIDATES], 0 where there is none */
} candidate_lists;

typedef enum outcome {
  OUTCOME_MESSAGE,
  OUTCOME_SUPPRESSED,
  OUTCOME_HELD_OUT,
  OUTCOME_NO_CANDIDATE,
  OUTCOME_COUNT
} outcome;

const char *outcome_name(outcome o); /* "messages", "suppressed", "held_out", "no_candidate" */

typedef struct decisions {
  int32_t count;
  uint8_t *outcome;       /* [count], enum outcome */
  item_row *item;         /* [count], or -1 */
  float *score;           /* [count], of the chosen item */
  float *probability;     /* [count], of choosing this item and tone, in (0, 1] */
  uint8_t *tone;          /* [count], enum tone */
  uint32_t *slots;        /* [count], slot_set that can be filled with true facts */
  item_row *because;      /* [count], an item of the user that speaks for the choice, or -1 */
  uint8_t *because_why;   /* [count], enum event_meaning */
  int32_t *keyword;       /* [count], row of the word table, or -1 */
  item_row *candidate;    /* [count, DECISION_CANDIDATES], best first, -1: no more */
  float *candidate_score; /* [count, DECISION_CANDIDATES] */
} decisions;

#endif
