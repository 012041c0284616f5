#include <cblas.h>
#include <math.h>
#include <string.h>

#include "math/panel.h"
#include "recommend/column_panel.h"
#include "recommend/recommender.h"
#include "recommend/spectral_vectors.h"

/* An item-to-item model of the columns
 *     M = (L + ideal D_I^−½ V Vᵀ D_I^½) p(W),   p(x) = 1 − tx + (tx)²/2 − (tx)³/6 + (tx)⁴/24,
 * of which a user's scores are the sum over the rows of the items seen. The linear filter L, which is W for one choice
 * of its powers, and W's leading eigenvectors V, the ideal low-pass, are GF-CF (Shen et al. 2021); p is one step of the
 * classical Runge-Kutta method of length t for dS/dt = −S W, the sharpening of BSPM (Choi et al. 2023). */
enum { DEGREE = 4, BLOCK = 128 /* columns that are computed at a time */ };

typedef struct spectral_model {
  const history *history;
  const node_matrix *interactions;
  spectral_matrix matrix;
  double polynomial[DEGREE + 1]; /* p */
  int degree;                    /* 0: no sharpening */
  float ideal;
  int vectors;
  float *left, *right;   /* [items, vectors]: D_I^−½ V, and the columns of Vᵀ D_I^½ p(W) */
  float *few;            /* [BLOCK, vectors] rows of `right` */
  float *first, *second; /* [items, SPECTRAL_COLUMNS] */
  column_panel panel;
  int binary;
  spectral_powers powers;
} spectral_model;

static void set_polynomial(spectral_model *m, double length) {
  double term = 1;
  for (int k = 0; k <= DEGREE; k++) {
    m->polynomial[k] = term;
    term *= -length / (k + 1);
  }
  m->degree = length > 0 ? DEGREE : 0;
}

/* Columns of p(W) D_I^½ V. In P's basis D_I^½ V is V itself. */
static void right_columns(void *context, int32_t first, int count, float *out) {
  spectral_model *m = context;
  memset(m->first, 0, (size_t)m->matrix.items * SPECTRAL_COLUMNS * sizeof *m->first);
  for (int64_t i = 0; i < m->matrix.items; i++)
    memcpy(m->first + i * SPECTRAL_COLUMNS, m->left + i * m->vectors + first, (size_t)count * sizeof *out);
  spectral_matrix_polynomial(&m->matrix, m->polynomial, m->degree, m->first, out);
  for (int64_t i = 0; i < m->matrix.items; i++)
    for (int c = 0; c < SPECTRAL_COLUMNS; c++) out[i * SPECTRAL_COLUMNS + c] *= m->matrix.root[i];
}

/* Where the settings leave it open: what was found best on catalogues of 3,000 and of 41,000 items, and in between. */
static int vectors_of(const settings *s, item_row items) {
  const int64_t given = settings_int(s, "spectral.vectors");
  return given > 0 ? (int)given : (int)(2.5 * sqrt((double)items));
}

static status fit_vectors(spectral_model *m, const settings *s, arena *a) {
  const history *h = m->history;
  const spectral_goal goal = {.vectors = m->ideal > 0 ? vectors_of(s, h->items) : 0,
                              .oversampling = (int)settings_int(s, "spectral.oversampling"),
                              .iterations = (int)settings_int(s, "spectral.iterations")};
  spectral_vectors v;
  column_panel right;
  TRY(spectral_vectors_find(h, &m->matrix, goal, a, &v));
  m->vectors = v.count;
  m->left = v.vector;
  TRY_ALL(h->comm, ARENA(a, (int64_t)BLOCK * v.count, &m->few));
  if (v.count == 0) return STATUS_OK;
  TRY_ALL(h->comm, column_panel_create(h->comm, h->items, v.count, v.count, SPECTRAL_COLUMNS, a, &right));
  TRY(column_panel_fill(&right, 0, v.count, right_columns, m));
  m->right = right.memory;
  for (int64_t i = 0; i < h->items; i++)
    for (int k = 0; k < v.count; k++) m->left[i * v.count + k] *= m->matrix.inverse_root[i];
  return STATUS_OK;
}

static status take_memory(spectral_model *m, arena *a) {
  const history *h = m->history;
  TRY(spectral_matrix_create(m->interactions, m->binary, m->powers, a, &m->matrix));
  TRY(ARENA(a, (int64_t)h->items * SPECTRAL_COLUMNS, &m->first));
  TRY(ARENA(a, (int64_t)h->items * SPECTRAL_COLUMNS, &m->second));
  return column_panel_create(h->comm, h->items, h->items, RECOMMENDER_PANEL, BLOCK, a, &m->panel);
}

static status fit(const history *h, const settings *s, arena *a, void **model) {
  *model = NULL;
  spectral_model *m = NULL;
  TRY_ALL(h->comm, ARENA(a, 1, &m));
  *model = m;
  m->history = h;
  m->ideal = (float)settings_real(s, "spectral.ideal");
  m->binary = settings_bool(s, "spectral.binary");
  m->powers = (spectral_powers){.user = settings_real(s, "spectral.user_power"),
                                .input = settings_real(s, "spectral.input_power"),
                                .output = settings_real(s, "spectral.output_power")};
  set_polynomial(m, settings_real(s, "spectral.sharpen"));
  TRY(node_matrix_open(h, &m->interactions));
  TRY_ALL(h->comm, take_memory(m, a));
  return fit_vectors(m, s, a);
}

/* out += ideal × left × rows [first, first + count) of right, transposed. */
static void add_ideal(spectral_model *m, int32_t first, int count, float *out) {
  const size_t used = (size_t)count * (size_t)m->vectors;
  memcpy(m->few, m->right + (int64_t)first * m->vectors, used * sizeof *m->few);
  memset(m->few + used, 0, ((size_t)BLOCK * (size_t)m->vectors - used) * sizeof *m->few);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m->matrix.items, BLOCK, m->vectors, m->ideal, m->left,
              m->vectors, m->few, m->vectors, 1, out, BLOCK);
}

/* Columns of L p(W), up to SPECTRAL_COLUMNS of them, into m->second. The first product of each power of W is with
 * columns of the identity, which have few users. */
static void linear_columns(spectral_model *m, item_row first, int count) {
  const spectral_matrix *w = &m->matrix;
  if (m->degree == 0) {
    spectral_matrix_columns(w, &w->linear, first, count, m->second);
    return;
  }
  spectral_matrix_columns(w, &w->walk, first, count, m->first);
  spectral_matrix_polynomial(w, m->polynomial + 1, m->degree - 1, m->first, m->second);
  for (int c = 0; c < count; c++)
    m->second[(int64_t)(first + c) * SPECTRAL_COLUMNS + c] += (float)m->polynomial[0] * w->inverse_root[first + c];
  for (int64_t i = 0; i < w->items; i++) /* from P's basis to W's */
    for (int c = 0; c < SPECTRAL_COLUMNS; c++)
      m->first[i * SPECTRAL_COLUMNS + c] = w->root[i] * m->second[i * SPECTRAL_COLUMNS + c];
  spectral_matrix_linear(w, m->first, m->second);
}

static void model_columns(void *context, int32_t first, int count, float *out) {
  spectral_model *m = context;
  memset(out, 0, (size_t)m->matrix.items * BLOCK * sizeof *out);
  for (int at = 0; at < count; at += SPECTRAL_COLUMNS) {
    const int few = count - at < SPECTRAL_COLUMNS ? count - at : SPECTRAL_COLUMNS;
    linear_columns(m, first + at, few);
    for (int64_t i = 0; i < m->matrix.items; i++)
      memcpy(out + i * BLOCK + at, m->second + i * SPECTRAL_COLUMNS, (size_t)few * sizeof *out);
  }
  if (m->vectors > 0) add_ideal(m, first, count, out);
}

static status panel(void *model, item_row first, int count) {
  spectral_model *m = model;
  return column_panel_fill(&m->panel, first, count, model_columns, m);
}

static void score(void *model, int part, user_row from, int users, float *out) {
  const spectral_model *m = model;
  als_interactions seen = m->history->seen[part];
  if (m->binary) seen.weight = NULL;
  panel_score(&seen, from, users, m->panel.memory, out);
}

static void give_back(void *model) {
  const spectral_model *m = model;
  if (m != NULL) node_matrix_close(m->interactions);
}

const recommender_kind spectral_recommender = {"spectral", fit, panel, score, give_back};
