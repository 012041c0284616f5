/* The fallback ladder: lines of copy by what they are about, and the plainest lines, which always pass. */
#ifndef STAGES_GENERATE_LADDER_H
#define STAGES_GENERATE_LADDER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/random.h"
#include "data/copy.h"
#include "stages/generate_facts.h"
#include "text/rules.h"

/* Lines of one (language, domain, tone) that name the same slots. */
typedef struct generate_shelf {
  slot_set slots;
  int64_t first, count; /* of generate_ladder.line */
} generate_shelf;

typedef struct generate_ladder {
  const copy *copy;
  int64_t *line;         /* [copy.count], places in the copy, ascending by (language, domain, tone, slots, place) */
  generate_shelf *shelf; /* all shelves, ascending likewise */
  int32_t first[LANGUAGE_COUNT * DOMAIN_COUNT * TONE_COUNT + 1]; /* first shelf of each (language, domain, tone) */
} generate_ladder;

/* Sorts the copy; it must outlive the ladder. */
status generate_ladder_create(const copy *c, arena *a, generate_ladder *out);

/* Draws a line that these facts can fill, each with equal chance: its slots are a set of slots in the proportion in
 * which the copy uses them. A price drop is told with both prices. NULL if there is none. */
const copy_line *generate_ladder_draw(const generate_ladder *l, const generate_facts *f, random_stream *r);

/* The plainest template of a language, with <title>. */
const char *generate_ladder_generic(language l);

/* A line without any fact, for a title that may not be named. */
const char *generate_ladder_plain(language l);

/* The last rung: fills the generic line, with the title cut where it is too long; the plain line where the title itself
 * may not be named. *template_text gets the line used.
 * Fails: STATUS_SETTINGS where the job's own limits and banned words forbid even that. */
status generate_ladder_fill(const rules *r, const generate_facts *f, int max_columns, arena *a,
                            const char **template_text, char **text);

#endif
