#include "recommend/ranking.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"
#include "math/topk.h"

enum {
  PANEL = RECOMMENDER_PANEL,
  BLOCK = RECOMMENDER_USERS,
  GAP = 4 /* users not asked for that are scored all the same rather than in two blocks */
};

/* What a user is not offered, walked along with the panels. */
typedef struct walk {
  int32_t at;    /* place in the user's row */
  item_row next; /* what stands there; INT32_MAX: nothing more */
} walk;

/* Terms that count, and room for a block of their scores. */
typedef struct scorer {
  const history *history;
  const ranking_term *term;
  int terms, active, only; /* only: the one that counts, where active is 1 */
  float *sum, *one;        /* [BLOCK, PANEL] */
} scorer;

/* Users that are scored at once: places [at, end) of the list, rows from `first` on. */
typedef struct block {
  int32_t at, end;
  user_row first;
  int users;
} block;

static status scorer_open(const history *h, const ranking_term *term, int terms, arena *a, scorer *out) {
  *out = (scorer){.history = h, .term = term, .terms = terms};
  for (int t = 0; t < terms; t++)
    if (term[t].weight != 0) {
      out->active++;
      out->only = t;
    }
  TRY(ARENA(a, BLOCK * PANEL, &out->sum));
  return ARENA(a, BLOCK * PANEL, &out->one);
}

/* Items of the panel that begins at `first`. */
static int panel_size(const history *h, item_row first) { return h->items - first < PANEL ? h->items - first : PANEL; }

static status open_panel(const scorer *s, item_row first) {
  for (int t = 0; t < s->terms; t++)
    if (s->term[t].weight != 0) TRY(s->term[t].kind->panel(s->term[t].model, first, panel_size(s->history, first)));
  return STATUS_OK;
}

static double term_factor(const history *h, const ranking_term *t, int part, user_row user) {
  if (t->exponent == 0) return t->weight;
  const int64_t *offset = h->seen[part].offset;
  const int64_t events = offset[user + 1] - offset[user];
  return t->weight * pow(events > 0 ? (double)events : 1, -t->exponent);
}

/* Scores of the block in s->sum; those of one term alone as it gives them. */
static void score_block(const scorer *s, int part, const block *b, int count) {
  if (s->active == 1) {
    s->term[s->only].kind->score(s->term[s->only].model, part, b->first, b->users, s->sum);
    return;
  }
  int added = 0;
  for (int t = 0; t < s->terms; t++) {
    if (s->term[t].weight == 0) continue;
    s->term[t].kind->score(s->term[t].model, part, b->first, b->users, s->one);
    for (int u = 0; u < b->users; u++)
      topk_weigh(s->one + u * PANEL, count, (float)term_factor(s->history, &s->term[t], part, b->first + u), added,
                 s->sum + u * PANEL);
    added = 1;
  }
  if (!added) memset(s->sum, 0, (size_t)b->users * PANEL * sizeof *s->sum);
}

/* By what the scores of one term alone are multiplied in the end. */
static float factor_left(const scorer *s, int part, user_row user) {
  return s->active == 1 ? (float)term_factor(s->history, &s->term[s->only], part, user) : 1;
}

static user_row row_at(const user_row *row, int32_t at) { return row == NULL ? at : row[at]; }

/* The next block from place b->end on; 0 where no user is left. Blocks depend on the list alone. */
static int next_block(const user_row *row, int32_t rows, block *b) {
  b->at = b->end;
  if (b->at >= rows) return 0;
  b->first = row_at(row, b->at);
  user_row last = b->first;
  for (b->end = b->at + 1; b->end < rows; b->end++) {
    const user_row next = row_at(row, b->end);
    if (next >= b->first + BLOCK || next > last + 1 + GAP) break;
    last = next;
  }
  b->users = last - b->first + 1;
  return 1;
}

static int32_t rows_of(const history *h, const int32_t *rows, int part) {
  return rows == NULL ? h->seen[part].count : rows[part];
}

/* Lists of one rank while they grow. */
typedef struct finder {
  scorer scorer;
  const ranking_filter *filter;
  ranking *out;
  walk **walk; /* [count] of [rows], or NULL */
  float *bar;  /* [PANEL] −∞ where an item is not allowed, else 0; NULL: all are */
} finder;

static void step(const finder *f, int part, user_row user, walk *w) {
  const int64_t *offset = f->filter->offset[part] + user;
  w->next = offset[0] + w->at < offset[1] ? f->filter->hidden[part][offset[0] + w->at] : INT32_MAX;
}

static status take_lists(finder *f, int part, arena *lists, arena *scratch) {
  ranking *r = f->out;
  const user_row *row = r->row == NULL ? NULL : r->row[part];
  const int32_t rows = r->rows[part];
  TRY(ARENA(lists, (int64_t)rows * r->keep, &r->item[part]));
  TRY(ARENA(lists, (int64_t)rows * r->keep, &r->score[part]));
  for (int32_t i = 0; i < rows; i++)
    topk_clear(r->keep, r->item[part] + (int64_t)i * r->keep, r->score[part] + (int64_t)i * r->keep);
  if (f->walk == NULL) return STATUS_OK;
  TRY(ARENA(scratch, rows, &f->walk[part]));
  for (int32_t i = 0; i < rows; i++) step(f, part, row_at(row, i), &f->walk[part][i]);
  return STATUS_OK;
}

static status finder_open(finder *f, const history *h, int keep, arena *lists, arena *scratch) {
  ranking *r = f->out;
  *r = (ranking){.keep = keep, .row = f->filter->row};
  TRY(ARENA(lists, h->count, &r->rows));
  TRY(ARENA(lists, h->count, &r->item));
  TRY(ARENA(lists, h->count, &r->score));
  if (f->filter->hidden != NULL) TRY(ARENA(scratch, h->count, &f->walk));
  if (f->filter->allowed != NULL) TRY(ARENA(scratch, PANEL, &f->bar));
  for (int p = 0; p < h->count; p++) {
    r->rows[p] = rows_of(h, f->filter->row == NULL ? NULL : f->filter->rows, p);
    TRY(take_lists(f, p, lists, scratch));
  }
  return STATUS_OK;
}

/* Strikes out what the user is not offered in the panel [first, first + count). */
static void strike(const finder *f, int part, user_row user, walk *w, item_row first, int count, float *score) {
  while (w->next < first + count) {
    score[w->next - first] = -HUGE_VALF;
    w->at++;
    step(f, part, user, w);
  }
}

static void offer_block(const finder *f, int part, const block *b, item_row first, int count) {
  const ranking *r = f->out;
  const user_row *row = r->row == NULL ? NULL : r->row[part];
  for (int32_t i = b->at; i < b->end; i++) {
    const user_row user = row_at(row, i);
    float *score = f->scorer.sum + (user - b->first) * PANEL;
    for (int k = count; k % TOPK_GROUP != 0; k++) score[k] = -HUGE_VALF;
    if (f->walk != NULL) strike(f, part, user, &f->walk[part][i], first, count, score);
    topk_panel(score, f->bar, count, first, r->keep, r->item[part] + (int64_t)i * r->keep,
               r->score[part] + (int64_t)i * r->keep);
  }
}

static void find_in_panel(const finder *f, item_row first) {
  const history *h = f->scorer.history;
  const int count = panel_size(h, first);
  for (int k = 0; f->bar != NULL && k < count; k++) f->bar[k] = f->filter->allowed[first + k] ? 0 : -HUGE_VALF;
  for (int p = 0; p < h->count; p++) {
    block b = {0};
    while (next_block(f->out->row == NULL ? NULL : f->out->row[p], f->out->rows[p], &b)) {
      score_block(&f->scorer, p, &b, count);
      offer_block(f, p, &b, first, count);
    }
    watchdog_pulse();
  }
}

/* The order of a list is that of the scores before they are weighed. */
static void finish_lists(const finder *f) {
  const ranking *r = f->out;
  for (int p = 0; p < f->scorer.history->count; p++)
    for (int32_t i = 0; i < r->rows[p]; i++) {
      const float factor = factor_left(&f->scorer, p, row_at(r->row == NULL ? NULL : r->row[p], i));
      float *score = r->score[p] + (int64_t)i * r->keep;
      for (int k = 0; k < r->keep; k++) score[k] = r->item[p][(int64_t)i * r->keep + k] < 0 ? 0 : factor * score[k];
    }
}

static status find_lists(finder *f, const history *h, int keep, arena *lists, arena *scratch) {
  TRY_ALL(h->comm, finder_open(f, h, keep, lists, scratch));
  for (item_row first = 0; first < h->items; first += panel_size(h, first)) {
    TRY(open_panel(&f->scorer, first));
    find_in_panel(f, first);
  }
  finish_lists(f);
  return STATUS_OK;
}

status ranking_find(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                    arena *a, ranking *out) {
  static const ranking_filter nothing = {0};
  arena scratch = {0};
  finder f = {.filter = filter != NULL ? filter : &nothing, .out = out};
  status result = comm_agree(h->comm, scorer_open(h, term, terms, &scratch, &f.scorer));
  if (result == STATUS_OK) result = find_lists(&f, h, keep, a, &scratch);
  arena_free(&scratch);
  return result;
}

/* Where each user's pairs of the next panel begin. */
static status take_places(const history *h, const ranking_pairs *pairs, arena *a, int64_t ***out) {
  TRY(ARENA(a, h->count, out));
  for (int p = 0; p < h->count; p++) {
    const int32_t rows = rows_of(h, pairs->row == NULL ? NULL : pairs->rows, p);
    TRY(ARENA(a, rows, &(*out)[p]));
    memcpy((*out)[p], pairs->offset[p], (size_t)rows * sizeof ***out);
  }
  return STATUS_OK;
}

static int wants_block(const block *b, const int64_t *end, const item_row *item, const int64_t *place, item_row limit) {
  for (int32_t i = b->at; i < b->end; i++)
    if (place[i] < end[i + 1] && item[place[i]] < limit) return 1;
  return 0;
}

static void pick_scores(const scorer *s, const ranking_pairs *pairs, int part, item_row first, int64_t *place,
                        float *value) {
  const int count = panel_size(s->history, first);
  const int32_t rows = rows_of(s->history, pairs->row == NULL ? NULL : pairs->rows, part);
  const user_row *row = pairs->row == NULL ? NULL : pairs->row[part];
  const int64_t *offset = pairs->offset[part];
  const item_row *item = pairs->item[part];
  for (block b = {0}; next_block(row, rows, &b);) {
    if (!wants_block(&b, offset, item, place, first + count)) continue;
    score_block(s, part, &b, count);
    for (int32_t i = b.at; i < b.end; i++) {
      const user_row user = row_at(row, i);
      const float factor = factor_left(s, part, user);
      for (; place[i] < offset[i + 1] && item[place[i]] < first + count; place[i]++)
        value[place[i]] = factor * s->sum[(user - b.first) * PANEL + item[place[i]] - first];
    }
  }
  watchdog_pulse();
}

static status score_pairs(const scorer *s, const ranking_pairs *pairs, float *const *value, arena *scratch) {
  const history *h = s->history;
  int64_t **place = NULL;
  TRY_ALL(h->comm, take_places(h, pairs, scratch, &place));
  for (item_row first = 0; first < h->items; first += panel_size(h, first)) {
    TRY(open_panel(s, first));
    for (int p = 0; p < h->count; p++) pick_scores(s, pairs, p, first, place[p], value[p]);
  }
  return STATUS_OK;
}

status ranking_score(const history *h, const ranking_term *term, int terms, const ranking_pairs *pairs,
                     float *const *value) {
  arena scratch = {0};
  scorer s;
  status result = comm_agree(h->comm, scorer_open(h, term, terms, &scratch, &s));
  if (result == STATUS_OK) result = score_pairs(&s, pairs, value, &scratch);
  arena_free(&scratch);
  return result;
}
