#include "recommend/ranking.h"

#include <string.h>

#include "recommend/ranking_lists.h"

static status find(const history *h, const ranking_term *term, int terms, int wants, const ranking_filter *filter,
                   int keep, arena *a, ranking *out) {
  arena scratch = {0};
  ranking_lists l;
  status result = comm_agree(h->comm, ranking_lists_open(h, term, terms, wants, filter, keep, a, &scratch, out, &l));
  if (result == STATUS_OK) result = ranking_lists_fill(&l);
  arena_free(&scratch);
  return result;
}

status ranking_find(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                    arena *a, ranking *out) {
  return find(h, term, terms, RANKING_SUM, filter, keep, a, out);
}

status ranking_find_each(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                         arena *a, ranking *out) {
  return find(h, term, terms, RANKING_ALONE | RANKING_SUM, filter, keep, a, out);
}

/* Items that are in a list now; what falls out of all lists leaves the pool after the panel in which it does, so that
 * a pool is never larger than the lists are. */
typedef struct gathering {
  ranking_lists lists;
  ranking_pool *pool;
  int32_t **count; /* [count] of [rows]: items of a list so far, from place × most on */
  int most;        /* terms × keep */
  int64_t *mark;   /* [items]: the user in whose lists an item was seen last, counted up */
  int64_t users;   /* counted so far, once a panel */
} gathering;

/* Marks what stands in the lists of a user; 0: nothing of this panel does, and nothing has changed. */
static int mark_items(gathering *g, int part, int32_t i, item_row first) {
  int fresh = 0;
  g->users++;
  for (int t = 0; t < g->lists.lists; t++) {
    const ranking *r = &g->lists.out[t];
    const item_row *item = r->item[part] + (int64_t)i * r->keep;
    for (int k = 0; k < r->keep && item[k] >= 0; k++) {
      fresh |= item[k] >= first;
      g->mark[item[k]] = g->users;
    }
  }
  return fresh;
}

/* Keeps what is marked of what is there. */
static int32_t sift(const gathering *g, int part, int64_t from, int32_t count) {
  item_row *item = g->pool->item[part] + from;
  int32_t kept = 0;
  for (int32_t k = 0; k < count; k++) {
    if (g->mark[item[k]] != g->users) continue;
    item[kept] = item[k];
    for (int t = 0; t < g->lists.scores.terms; t++) {
      float *value = g->pool->value[part][t] + from;
      value[kept] = value[k];
    }
    kept++;
  }
  return kept;
}

static void gather(void *context, int part, const ranking_block *b, item_row first) {
  gathering *g = context;
  const ranking_scores *s = &g->lists.scores;
  const int size = ranking_scores_count(s, first);
  const user_row *row = g->lists.filter->row == NULL ? NULL : g->lists.filter->row[part];
  for (int32_t i = b->at; i < b->end; i++) {
    const int64_t from = (int64_t)i * g->most;
    const int at = (ranking_block_row(row, i) - b->first) * RANKING_BLOCK_PANEL;
    if (!mark_items(g, part, i, first)) continue;
    int32_t count = sift(g, part, from, g->count[part][i]);
    for (int c = 0; c < size; c++) {
      if (g->mark[first + c] != g->users) continue;
      for (int t = 0; t < s->terms; t++) g->pool->value[part][t][from + count] = s->alone[t][at + c];
      g->pool->item[part][from + count++] = first + c;
    }
    g->count[part][i] = count;
  }
}

/* Moves the rows together. */
static void close_ranks(const gathering *g, int part) {
  int64_t *offset = g->pool->offset[part], to = 0;
  for (int32_t i = 0; i < g->lists.out[0].rows[part]; i++) {
    const int64_t from = (int64_t)i * g->most;
    const size_t count = (size_t)g->count[part][i];
    memmove(g->pool->item[part] + to, g->pool->item[part] + from, count * sizeof(item_row));
    for (int t = 0; t < g->lists.scores.terms; t++)
      memmove(g->pool->value[part][t] + to, g->pool->value[part][t] + from, count * sizeof(float));
    offset[i + 1] = to += g->count[part][i];
  }
}

static status take_pool(gathering *g, arena *a, arena *scratch) {
  const history *h = g->lists.scores.history;
  const int terms = g->lists.scores.terms;
  TRY(ARENA(a, h->count, &g->pool->offset));
  TRY(ARENA(a, h->count, &g->pool->item));
  TRY(ARENA(a, h->count, &g->pool->value));
  TRY(ARENA(scratch, h->count, &g->count));
  TRY(ARENA(scratch, h->items, &g->mark));
  for (int p = 0; p < h->count; p++) {
    const int64_t rows = g->lists.out[0].rows[p];
    TRY(ARENA(a, rows + 1, &g->pool->offset[p]));
    TRY(ARENA(a, rows * g->most, &g->pool->item[p]));
    TRY(ARENA(a, terms, &g->pool->value[p]));
    for (int t = 0; t < terms; t++) TRY(ARENA(a, rows * g->most, &g->pool->value[p][t]));
    TRY(ARENA(scratch, rows, &g->count[p]));
  }
  return STATUS_OK;
}

static status open_pool(gathering *g, const history *h, const ranking_term *term, int terms,
                        const ranking_filter *filter, int keep, arena *a, arena *scratch) {
  ranking *list = NULL;
  TRY(ARENA(scratch, terms, &list));
  TRY(ranking_lists_open(h, term, terms, RANKING_ALONE, filter, keep, scratch, scratch, list, &g->lists));
  g->lists.taken = gather;
  g->lists.context = g;
  g->most = terms * keep;
  return take_pool(g, a, scratch);
}

status ranking_find_pool(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                         arena *a, ranking_pool *out) {
  arena scratch = {0};
  gathering g = {.pool = out};
  status result = comm_agree(h->comm, open_pool(&g, h, term, terms, filter, keep, a, &scratch));
  if (result == STATUS_OK) result = ranking_lists_fill(&g.lists);
  for (int p = 0; result == STATUS_OK && p < h->count; p++) close_ranks(&g, p);
  arena_free(&scratch);
  return result;
}
