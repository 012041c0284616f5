#include <math.h>

#include "comm/dense_inverse.h"
#include "math/panel.h"
#include "recommend/ease_gram.h"
#include "recommend/recommender.h"

/* EASE^R (Steck 2019, "Embarrassingly shallow autoencoders for sparse data"): scores X B of the item-to-item weights
 * that best restore X from itself without letting an item speak for itself. With P = (XᵀX + λI)⁻¹,
 *     B_ij = −P_ij / P_jj for i ≠ j,   B_jj = 0
 * The matrix stands over all ranks; every rank sees one panel of its columns at a time. */
typedef struct ease_model {
  const history *history;
  arena memory; /* of its own: what the matrix takes goes back when the model is freed */
  grid grid;
  dense_matrix inverse;            /* P */
  als_interactions *seen;          /* [count], as the model sees weights */
  float *panel;                    /* [items, RECOMMENDER_PANEL]: columns of P, the diagonal 0 */
  float factor[RECOMMENDER_PANEL]; /* −1 / P_jj */
} ease_model;

_Static_assert((int)PANEL_WIDTH == (int)RECOMMENDER_PANEL, "panels are scored as they are brought");

enum { BLOCK_STEP = 16 /* a block is a multiple of it */ };

static status check_size(const history *h, const settings *s) {
  const int64_t most = settings_int(s, "ease.items");
  if (h->items <= most) return STATUS_OK;
  return status_fail(STATUS_SETTINGS,
                     "EASE: %d items take %.1f GiB of memory over all ranks, and ease.items allows for %lld items; "
                     "raise it, or leave ease out of recommender.models",
                     h->items, 4 * (double)h->items * h->items / (1 << 30), (long long)most);
}

static status take_memory(ease_model *m, int binary) {
  const history *h = m->history;
  TRY(ARENA(&m->memory, h->count, &m->seen));
  for (int p = 0; p < h->count; p++) {
    m->seen[p] = h->seen[p];
    if (binary) m->seen[p].weight = NULL;
  }
  return ARENA(&m->memory, (int64_t)h->items * RECOMMENDER_PANEL, &m->panel);
}

/* As set, or three times Σw² / √(items × users): a rule of thumb that is within a factor of three of the best values
 * known for sets from 26 interactions an item to 3200 (Steck 2019, Zhu et al. 2022, and validation cuts of our own). */
static status regularisation(const history *h, const settings *s, const ease_gram *g, double *out) {
  const double factor = 3;
  *out = settings_real(s, "ease.regularisation");
  if (*out > 0) return STATUS_OK;
  TRY(ease_gram_scale(h, g, out));
  *out = *out > 0 ? factor * *out : 1;
  return STATUS_OK;
}

static status fill(ease_model *m, const settings *s, arena *work) {
  ease_gram gram;
  double lambda = 0;
  TRY(ease_gram_create(m->history, settings_bool(s, "ease.binary"), work, &gram));
  TRY(regularisation(m->history, s, &gram, &lambda));
  return dense_fill(&m->inverse, ease_gram_columns, &gram, gram.unit, lambda);
}

static status invert(ease_model *m, const settings *s) {
  const int block = (int)(settings_int(s, "ease.block") + BLOCK_STEP - 1) / BLOCK_STEP * BLOCK_STEP;
  arena work = {0};
  TRY_ALL(m->history->comm, take_memory(m, settings_bool(s, "ease.binary")));
  TRY(dense_create(&m->grid, m->history->items, block, &m->memory, &m->inverse));
  const status filled = fill(m, s, &work);
  arena_free(&work);
  return filled == STATUS_OK ? dense_inverse(&m->inverse) : filled;
}

static status fit(const history *h, const settings *s, arena *a, void **model) {
  *model = NULL;
  ease_model *m = NULL;
  int rows = 0, columns = 0;
  TRY(check_size(h, s)); /* the same on all ranks */
  TRY_ALL(h->comm, ARENA(a, 1, &m));
  m->history = h;
  grid_shape(h->comm->size, &rows, &columns);
  grid_open(h->comm, rows, columns, &m->grid);
  *model = m;
  return invert(m, s);
}

static status panel(void *model, item_row first, int count) {
  ease_model *m = model;
  for (int at = 0; at < count;) {
    const int block = m->inverse.block, left = block - (first + at) % block;
    const int some = left < count - at ? left : count - at;
    dense_columns(&m->inverse, first + at, some, m->panel + at, RECOMMENDER_PANEL);
    at += some;
  }
  for (int c = 0; c < count; c++) {
    float *diagonal = m->panel + (int64_t)(first + c) * RECOMMENDER_PANEL + c;
    m->factor[c] = -1 / *diagonal;
    *diagonal = 0;
  }
  return STATUS_OK;
}

static void score(void *model, int part, user_row from, int users, float *out) {
  const ease_model *m = model;
  panel_score(&m->seen[part], from, users, m->panel, out);
  for (int u = 0; u < users; u++)
    for (int c = 0; c < RECOMMENDER_PANEL; c++) out[u * RECOMMENDER_PANEL + c] *= m->factor[c];
}

static void free_model(void *model) {
  ease_model *m = model;
  if (m == NULL) return;
  grid_close(&m->grid);
  arena_free(&m->memory);
}

const recommender_kind ease_recommender = {
    .name = "ease", .fit = fit, .panel = panel, .score = score, .free = free_model};
