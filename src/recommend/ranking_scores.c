#include "recommend/ranking_scores.h"

#include <math.h>
#include <string.h>

#include "math/topk.h"

enum { PANEL = RANKING_BLOCK_PANEL, BLOCK = RANKING_BLOCK_USERS };

status ranking_scores_open(const history *h, const ranking_term *term, int terms, int wants, arena *a,
                           ranking_scores *out) {
  *out = (ranking_scores){.history = h, .term = term, .terms = terms, .wants = wants};
  TRY(ARENA(a, terms, &out->alone));
  for (int t = 0; t < terms; t++) {
    if (term[t].weight != 0) {
      out->active++;
      out->only = t;
    }
    if (t == 0 || wants & RANKING_ALONE)
      TRY(ARENA(a, BLOCK * PANEL, &out->alone[t]));
    else
      out->alone[t] = out->alone[0];
  }
  if (wants == RANKING_SUM && out->active == 1) out->sum = out->alone[0]; /* nothing to add up */
  return wants & RANKING_SUM && out->sum == NULL ? ARENA(a, BLOCK * PANEL, &out->sum) : STATUS_OK;
}

int ranking_scores_count(const ranking_scores *s, item_row first) {
  const item_row left = s->history->items - first;
  return left < PANEL ? left : PANEL;
}

static int is_asked(const ranking_scores *s, int t) { return s->wants & RANKING_ALONE || s->term[t].weight != 0; }

status ranking_scores_panel(const ranking_scores *s, item_row first) {
  for (int t = 0; t < s->terms; t++)
    if (is_asked(s, t)) TRY(s->term[t].kind->panel(s->term[t].model, first, ranking_scores_count(s, first)));
  return STATUS_OK;
}

static float factor_of(const ranking_scores *s, int t, int part, user_row user) {
  const ranking_term *term = &s->term[t];
  if (term->exponent == 0) return (float)term->weight;
  const int64_t *offset = s->history->seen[part].offset;
  const int64_t events = offset[user + 1] - offset[user];
  return (float)(term->weight * pow(events > 0 ? (double)events : 1, -term->exponent));
}

static void add(const ranking_scores *s, int t, int part, const ranking_block *b, int count, int added) {
  if (s->active == 1) {
    if (s->sum != s->alone[t]) memcpy(s->sum, s->alone[t], (size_t)b->users * PANEL * sizeof *s->sum);
    return;
  }
  for (int u = 0; u < b->users; u++)
    topk_weigh(s->alone[t] + u * PANEL, count, factor_of(s, t, part, b->first + u), added, s->sum + u * PANEL);
}

void ranking_scores_block(const ranking_scores *s, int part, const ranking_block *b, int count) {
  int added = 0;
  for (int t = 0; t < s->terms; t++) {
    if (!is_asked(s, t)) continue;
    s->term[t].kind->score(s->term[t].model, part, b->first, b->users, s->alone[t]);
    if (s->sum != NULL && s->term[t].weight != 0) add(s, t, part, b, count, added++);
  }
  if (s->sum != NULL && added == 0) memset(s->sum, 0, (size_t)b->users * PANEL * sizeof *s->sum);
}

float ranking_scores_factor(const ranking_scores *s, int part, user_row user) {
  return s->active == 1 ? factor_of(s, s->only, part, user) : 1;
}
