#include "recommend/ranking_lists.h"

#include <math.h>

#include "base/watchdog.h"
#include "math/topk.h"

enum { PANEL = RANKING_BLOCK_PANEL };

/* What a user is not offered, walked along with the panels. */
typedef struct ranking_walk {
  int32_t at;    /* place in the user's row */
  item_row next; /* what stands there; INT32_MAX: nothing more */
} ranking_walk;

static void step(const ranking_lists *l, int part, user_row user, ranking_walk *w) {
  const int64_t *offset = l->filter->offset[part] + user;
  w->next = offset[0] + w->at < offset[1] ? l->filter->hidden[part][offset[0] + w->at] : INT32_MAX;
}

static const user_row *row_of(const ranking_lists *l, int part) {
  return l->filter->row == NULL ? NULL : l->filter->row[part];
}

static int32_t rows_of(const ranking_lists *l, int part) {
  return l->filter->row == NULL ? l->scores.history->seen[part].count : l->filter->rows[part];
}

static status take_lists(const ranking_lists *l, ranking *r, int keep, arena *a) {
  const int count = l->scores.history->count;
  *r = (ranking){.keep = keep, .row = l->filter->row};
  TRY(ARENA(a, count, &r->rows));
  TRY(ARENA(a, count, &r->item));
  TRY(ARENA(a, count, &r->score));
  for (int p = 0; p < count; p++) {
    r->rows[p] = rows_of(l, p);
    TRY(ARENA(a, (int64_t)r->rows[p] * keep, &r->item[p]));
    TRY(ARENA(a, (int64_t)r->rows[p] * keep, &r->score[p]));
    for (int64_t i = 0; i < r->rows[p]; i++) topk_clear(keep, r->item[p] + i * keep, r->score[p] + i * keep);
  }
  return STATUS_OK;
}

static status take_walks(ranking_lists *l, arena *scratch) {
  const int count = l->scores.history->count;
  TRY(ARENA(scratch, count, &l->walk));
  for (int p = 0; p < count; p++) {
    TRY(ARENA(scratch, rows_of(l, p), &l->walk[p]));
    for (int32_t i = 0; i < rows_of(l, p); i++) step(l, p, ranking_block_row(row_of(l, p), i), &l->walk[p][i]);
  }
  return STATUS_OK;
}

status ranking_lists_open(const history *h, const ranking_term *term, int terms, int wants,
                          const ranking_filter *filter, int keep, arena *a, arena *scratch, ranking *out,
                          ranking_lists *l) {
  static const ranking_filter nothing = {0};
  *l = (ranking_lists){.filter = filter != NULL ? filter : &nothing, .out = out};
  TRY(ranking_scores_open(h, term, terms, wants, scratch, &l->scores));
  l->lists = (wants & RANKING_ALONE ? terms : 0) + (wants & RANKING_SUM ? 1 : 0);
  for (int k = 0; k < l->lists; k++) TRY(take_lists(l, &out[k], keep, a));
  if (l->filter->allowed != NULL) TRY(ARENA(scratch, PANEL, &l->bar));
  return l->filter->hidden != NULL ? take_walks(l, scratch) : STATUS_OK;
}

/* List `terms` is that of the sum, whether or not there are lists of terms before it. */
static float *block_of(const ranking_lists *l, int list) {
  return l->scores.wants & RANKING_ALONE && list < l->scores.terms ? l->scores.alone[list] : l->scores.sum;
}

/* Strikes out of all lists' scores what the user is not offered in the panel [first, first + count). */
static void strike(const ranking_lists *l, int part, user_row user, ranking_walk *w, item_row first, int count,
                   int at) {
  while (w->next < first + count) {
    for (int k = 0; k < l->lists; k++) block_of(l, k)[at + w->next - first] = -HUGE_VALF;
    w->at++;
    step(l, part, user, w);
  }
}

static void offer(const ranking_lists *l, int part, const ranking_block *b, item_row first, int count) {
  const user_row *row = row_of(l, part);
  for (int32_t i = b->at; i < b->end; i++) {
    const user_row user = ranking_block_row(row, i);
    const int at = (user - b->first) * PANEL;
    if (l->walk != NULL) strike(l, part, user, &l->walk[part][i], first, count, at);
    for (int k = 0; k < l->lists; k++) {
      const ranking *r = &l->out[k];
      float *score = block_of(l, k) + at;
      for (int c = count; c % TOPK_GROUP != 0; c++) score[c] = -HUGE_VALF;
      topk_panel(score, l->bar, count, first, r->keep, r->item[part] + (int64_t)i * r->keep,
                 r->score[part] + (int64_t)i * r->keep);
    }
  }
}

static void fill_panel(const ranking_lists *l, item_row first) {
  const history *h = l->scores.history;
  const int count = ranking_scores_count(&l->scores, first);
  for (int k = 0; l->bar != NULL && k < count; k++) l->bar[k] = l->filter->allowed[first + k] ? 0 : -HUGE_VALF;
  for (int p = 0; p < h->count; p++) {
    for (ranking_block b = {0}; ranking_block_next(row_of(l, p), rows_of(l, p), &b);) {
      ranking_scores_block(&l->scores, p, &b, count);
      offer(l, p, &b, first, count);
      if (l->taken != NULL) l->taken(l->context, p, &b, first);
    }
    watchdog_pulse();
  }
}

/* The order of a list is that of the scores before they are weighed. */
static void finish(const ranking_lists *l, const ranking *r, int is_sum) {
  for (int p = 0; p < l->scores.history->count; p++)
    for (int32_t i = 0; i < r->rows[p]; i++) {
      const user_row user = ranking_block_row(row_of(l, p), i);
      const float factor = is_sum ? ranking_scores_factor(&l->scores, p, user) : 1;
      float *score = r->score[p] + (int64_t)i * r->keep;
      for (int k = 0; k < r->keep; k++) score[k] = r->item[p][(int64_t)i * r->keep + k] < 0 ? 0 : factor * score[k];
    }
}

status ranking_lists_fill(ranking_lists *l) {
  const int items = l->scores.history->items;
  for (item_row first = 0; first < items; first += ranking_scores_count(&l->scores, first)) {
    TRY(ranking_scores_panel(&l->scores, first));
    fill_panel(l, first);
  }
  for (int k = 0; k < l->lists; k++) finish(l, &l->out[k], l->scores.wants & RANKING_SUM && k + 1 == l->lists);
  return STATUS_OK;
}
