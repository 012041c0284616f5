/* Texts for users who have none yet: sampled from the writer or drawn from the copy, held against the rules, ranked. */
#ifndef STAGES_GENERATE_CANDIDATES_H
#define STAGES_GENERATE_CANDIDATES_H

#include <stdint.h>

#include "base/progress.h"
#include "stages/generate_guard.h"
#include "stages/generate_models.h"
#include "stages/generate_side.h"

enum { GENERATE_ROUNDS = 4 }; /* in which the writer is asked for texts */

/* What became of the candidates. */
typedef struct generate_tally {
  int64_t candidates;           /* texts asked of the writer */
  int64_t unfinished;           /* given up by the decoder */
  int64_t strange;              /* not how people write: generate_fluency.h */
  int64_t repeated;             /* equal to another candidate of the same user */
  int64_t refused;              /* tokens that the guard refused */
  int64_t retried;              /* steps back out of dead ends */
  int64_t rejected[RULE_COUNT]; /* by the rule that they broke; RULE_KEPT: kept */
} generate_tally;

/* Texts that keep every rule, of one logical partition: by user, best first. */
typedef struct generate_proposals {
  user_row next; /* users before it have been asked for; all: the partition is done */
  int64_t room;  /* texts that there is memory for */
  int64_t count;
  user_row *user;    /* [count], ascending */
  float *score;      /* [count] */
  uint64_t *hash;    /* [count], generate_duplicates_hash */
  const char **text; /* [count], templates */
  generate_tally tally;
} generate_proposals;

/* How far this rank is. */
typedef struct generate_meter {
  progress bar;
  int64_t done; /* users */
} generate_meter;

/* Users waiting in a part. */
int64_t generate_candidates_waiting(const generate_part *p);

/* Local. Samples settings generate.candidates texts for the waiting users from out->next on; `attempt` names the round.
 * Returns when all have been asked for, or after `seconds`, or when the job is asked to stop (base/stop.h); another
 * call goes on. *out starts as {0} or as generate_checkpoint_load has left it. The random stream of a text is that of
 * (user, attempt, candidate), so nothing depends on ranks, batches or calls. */
status generate_candidates_sample(const stage *s, const generate_side *side, const generate_models *m,
                                  const generate_guard *g, const generate_part *p, int attempt, double seconds,
                                  generate_meter *meter, generate_proposals *out);

/* Local. Draws lines of copy that the facts of every waiting user can fill; they must keep the same rules. */
status generate_candidates_draw(const stage *s, const generate_side *side, const generate_part *p,
                                generate_proposals *out);

#endif
