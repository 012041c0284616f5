#include <string.h>

#include "base/watchdog.h"
#include "math/panel.h"
#include "recommend/column_panel.h"
#include "recommend/neighbours.h"
#include "recommend/node_matrix.h"
#include "recommend/recommender.h"

/* Item neighbours (Sarwar et al. 2001): the score of an item is the sum, over those of its nearest items that the user
 * has seen, of similarity × weight. Column j of the panel holds the similarities of j's neighbours to j. */
enum { BLOCK = 64 /* columns that are computed at a time */ };

typedef struct items_model {
  const history *history;
  const node_matrix *interactions;
  neighbours neighbours;
  neighbour *found; /* [neighbours.count] */
  column_panel panel;
} items_model;

static status prepare(items_model *m, const settings *s, arena *a) {
  const history *h = m->history;
  const node_matrix *r = m->interactions;
  const neighbours_side by_item = {r->items, r->item_offset, r->user, r->item_weight},
                        by_user = {r->users, r->user_offset, r->item, r->user_weight};
  TRY(neighbours_create(by_item, by_user, s, settings_real(s, "neighbours.user_damping"), a, &m->neighbours));
  TRY(ARENA(a, m->neighbours.count, &m->found));
  return column_panel_create(h->comm, h->items, h->items, RECOMMENDER_PANEL, BLOCK, a, &m->panel);
}

static status fit(const history *h, const settings *s, arena *a, void **model) {
  *model = NULL;
  items_model *m = NULL;
  TRY_ALL(h->comm, ARENA(a, 1, &m));
  *model = m;
  m->history = h;
  TRY(node_matrix_open(h, &m->interactions));
  return comm_agree(h->comm, prepare(m, s, a));
}

static void similarity_columns(void *context, int32_t first, int count, float *out) {
  items_model *m = context;
  memset(out, 0, (size_t)m->history->items * BLOCK * sizeof *out);
  for (int c = 0; c < count; c++) {
    const int found = neighbours_find(&m->neighbours, first + c, m->found);
    for (int k = 0; k < found; k++) out[(int64_t)m->found[k].row * BLOCK + c] = m->found[k].similarity;
    watchdog_pulse();
  }
}

static status panel(void *model, item_row first, int count) {
  items_model *m = model;
  return column_panel_fill(&m->panel, first, count, similarity_columns, m);
}

static void score(void *model, int part, user_row from, int users, float *out) {
  const items_model *m = model;
  panel_score(&m->history->seen[part], from, users, m->panel.memory, out);
}

static void give_back(void *model) {
  const items_model *m = model;
  if (m != NULL) node_matrix_close(m->interactions);
}

const recommender_kind items_recommender = {"items", fit, panel, score, give_back};
