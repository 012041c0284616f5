/* What every rank holds to write messages: the items, the words, the copy, the rules. Also one logical partition of the
 * users, with what was decided for each. */
#ifndef STAGES_GENERATE_SIDE_H
#define STAGES_GENERATE_SIDE_H

#include <stdint.h>

#include "data/catalogue.h"
#include "data/decision.h"
#include "data/factors.h"
#include "data/message.h"
#include "data/profile.h"
#include "data/users.h"
#include "stages/generate_fluency.h"
#include "stages/generate_ladder.h"
#include "stages/stage.h"
#include "text/rules.h"

typedef struct generate_side {
  catalogue items;
  words words;
  item_model model;
  copy copy;
  generate_ladder ladder;
  generate_fluency fluency;
  rules *rules;
  const char *money;
  int max_columns, max_utf16;
  int max_sms;      /* 0: no matter */
  int last_columns; /* of the last rung, whose title is cut by columns */
} generate_side;

/* Local. Loads the item side and compiles the rules. Fails: STATUS_MISSING, STATUS_DATA, STATUS_IO; STATUS_SETTINGS
 * where the job's limits forbid every line. */
status generate_side_load(const stage *s, generate_side *out);
void generate_side_close(generate_side *side);

typedef struct generate_part {
  int index; /* logical partition */
  users users;
  profiles profiles;
  factors factors;
  decisions decisions;
  const char **template_text; /* [users.count] of the text chosen so far, or NULL */
  uint8_t *source;            /* [users.count], enum source */
} generate_part;

/* Local. Loads logical partition `index` of `count` and checks that its files belong together. */
status generate_part_load(const stage *s, const generate_side *side, int index, int count, generate_part *out);

/* 1 for a user who is to be written to and has no text yet. */
static inline int generate_part_waits(const generate_part *p, user_row row) {
  return p->decisions.outcome[row] == OUTCOME_MESSAGE && p->template_text[row] == NULL;
}

/* Local. The facts of one of its users. */
status generate_part_facts(const generate_part *p, const generate_side *side, user_row row, arena *a,
                           generate_facts *out);

#endif
