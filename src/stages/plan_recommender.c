#include "stages/plan_recommender.h"

#include <math.h>

#include "math/als.h"
#include "recommend/als_exchange.h"
#include "recommend/recommender.h"

enum {
  ENTRY = 8, /* a row number and a weight */
  PANEL = RECOMMENDER_PANEL,
  EASE_PIECE = 256,    /* columns of the Gram matrix summed at a time: int64 */
  SPECTRAL_WIDTH = 32, /* columns of a block: math/spectral.h */
  SPECTRAL_PANEL = 128,
  ITEM_PANEL = 64, /* columns of similarities that a rank makes at a time */
  CHEBYSHEV = 8,   /* degree of the polynomial that damps, at most */
  SHARPEN = 4      /* products with W for a column of the sharpened filter, and with L */
};

/* Of a product of matrices, what blocks that are passed on between ranks leave of its rate. */
static const double ease_share = 0.6;

/* What a rank holds of the users' side. */
typedef struct own {
  double users, pairs, ranks, nodes, here;
} own;

const char *plan_recommender_name(int which) {
  static const char *const names[PLAN_RECOMMENDERS] = {"als",   "ease",    "spectral",  "items",
                                                       "users", "content", "popularity"};
  return names[which];
}

static own own_of(const plan_work *w, const plan_network *network) {
  const double here = fmin(w->ranks, network->ranks_per_node);
  return (own){.users = w->n->users * w->share,
               .pairs = w->n->pairs * w->share,
               .ranks = w->ranks,
               .here = here,
               .nodes = ceil(w->ranks / here)};
}

int plan_recommender_is_stationary(const plan_numbers *n) {
  return als_exchange_is_stationary(ALS_MODEL_AUTO, (int64_t)n->users, (int64_t)n->items, 4 * (int64_t)n->stride,
                                    n->steps);
}

/* Share of a table's rows that a node needs, where each is read by `reads` rows dealt out to `nodes`. */
static double needed(double reads, double nodes) {
  const double share = 1 - pow(1 - 1 / nodes, fmax(1, reads));
  return share < NODE_TABLE_SHARE ? share : 1;
}

/* A table comes to every node: from each owner to one rank of each other node. */
static void update(plan_traffic *t, const own *o, double bytes, double share, double sweeps) {
  const plan_network *w = t->network;
  if (o->nodes <= 1) {
    plan_network_fence(t, 2 * sweeps);
    return;
  }
  t->sent += sweeps * bytes * share / o->ranks * (o->nodes - 1);
  t->seconds += sweeps * (bytes * share * (o->nodes - 1) / o->nodes * w->byte + o->ranks / o->here * w->latency);
  t->messages += sweeps * o->ranks / o->here;
}

/* Bytes of a table that is read as bfloat16. */
static double packed(const plan_numbers *n, double rows) {
  return n->is_explicit ? 0 : 2.0 * als_packed_stride(n->stride) * rows;
}

/* Both half-sweeps by rows: the interactions stand in both orders. */
static void sweep_rows(const plan_work *w, const own *o, double sweeps, plan_fitted *m) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double row = 4.0 * n->stride, pass = (n->steps + 1) * r->als_event;
  m->fit += sweeps * (2 * o->pairs * pass + (o->users + n->items / o->ranks) * r->als_row);
  m->memory += n->pairs / o->ranks * ENTRY + 8 * n->items / o->ranks;
  update(&m->fitting, o, row * n->items, needed(n->pairs / fmax(1, n->items), o->nodes), sweeps);
  update(&m->fitting, o, row * n->users, needed(n->pairs / fmax(1, n->users), o->nodes), sweeps);
  const double held = n->users * (o->nodes > 1 ? needed(n->pairs / fmax(1, n->users), o->nodes) : 1);
  m->shared += row * (n->items + held) + packed(n, fmax(n->items, held));
}

/* Items by conjugate gradients on all of them at once: sums over users, tables of items only. */
static void sweep_stationary(const plan_work *w, const own *o, double sweeps, plan_fitted *m) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double table = 4.0 * n->stride * n->items, parts = ceil(n->user_parts * w->share - 1e-9);
  const plan_depth tree = plan_network_depth(n->user_parts, w->ranks, PLAN_CUT_BY_WORK);
  m->fit += sweeps * (o->pairs * ((n->steps + 1) * r->als_event + (n->steps + 2) * r->als_item) +
                      o->users * r->als_row + parts * (2 + n->steps) * table * 2 * r->copy + n->items * r->als_row);
  m->memory += (2 + 2.0 * tree.held + (o->ranks > 1 ? 2.0 * tree.most * 2 : 0)) * table + 2 * table;
  m->shared += table + 4.0 * n->stride * n->users / o->nodes + packed(n, n->items);
  plan_network_tree(&m->fitting, sweeps, 2 * table, n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_tree(&m->fitting, sweeps * n->steps, table, n->user_parts, PLAN_CUT_BY_WORK);
}

static void add_als(const plan_work *w, const own *o, double sweeps, plan_fitted *m) {
  const plan_numbers *n = w->n;
  const double square = (double)n->width * n->width;
  m->memory += 8 * o->users + 4 * n->items + 48 * square + 64.0 * 4 * n->stride;
  m->fit += sweeps * 2 * w->r->eigen;
  if (plan_recommender_is_stationary(n))
    sweep_stationary(w, o, sweeps, m);
  else
    sweep_rows(w, o, sweeps, m);
  plan_network_tree(&m->fitting, sweeps, 8 * square, n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_tree(&m->fitting, sweeps, 8 * square, n->item_parts, PLAN_CUT_EVEN);
  plan_network_agree(&m->fitting, sweeps * 10);
  m->score += o->users * n->items * w->r->score;
}

/* Columns of all panels come to every rank; a product of the users' rows with them scores. */
static void add_panels(const plan_work *w, const own *o, plan_fitted *m) {
  const plan_numbers *n = w->n;
  m->memory += 4 * n->items * PANEL;
  m->score += o->pairs * n->items * w->r->panel;
  if (w->ranks > 1) plan_network_gather(&m->ranking, ceil(n->items / PANEL), 4 * n->items * PANEL / o->ranks);
}

/* Pairs of interactions of one user, over all users. */
static double pairs_of_pairs(const plan_numbers *n) {
  return n->users > 0 ? n->pairs * n->pairs / n->users * fmax(1, n->spread) : 0;
}

static void add_ease(const plan_work *w, const own *o, plan_fitted *m) {
  const plan_numbers *n = w->n;
  const double order = ceil(n->items / EASE_PIECE) * EASE_PIECE, side = sqrt(o->ranks);
  m->memory += 4 * order * order / o->ranks;
  m->peak += 4 * o->pairs + 24 * o->users + 8 * n->items + 2 * 8.0 * EASE_PIECE * order;
  m->fit += pow(order, 3) * w->r->gemm / o->ranks / ease_share + 0.5 * pairs_of_pairs(n) * w->share * w->r->pair;
  plan_network_exchange(&m->fitting, ceil(order / EASE_PIECE), 8 * EASE_PIECE * order / 2);
  if (w->ranks > 1) plan_network_broadcast(&m->fitting, 2 * ceil(order / EASE_PIECE), 4 * EASE_PIECE * order / side);
  if (w->ranks == 1) m->ranking.sent += 4 * n->items * n->items; /* counted, though nobody else is there */
  add_panels(w, o, m);
}

static double vectors_of(const plan_numbers *n) {
  return fmin(n->items, n->spectral_vectors > 0 ? n->spectral_vectors : floor(2.5 * sqrt(n->items)));
}

static void add_spectral(const plan_work *w, const own *o, plan_fitted *m) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double vectors = vectors_of(n), width = vectors + n->spectral_oversampling;
  const double product = 2 * n->pairs * SPECTRAL_WIDTH * r->product; /* of W with a block */
  const double blocks = ceil(n->items / SPECTRAL_WIDTH);
  m->memory +=
      4 * n->items * (2 * vectors + SPECTRAL_PANEL + 2 * SPECTRAL_WIDTH + 6) + 4 * n->users * (SPECTRAL_WIDTH + 2);
  m->peak += 4 * n->items * (3 * width + 5 * SPECTRAL_WIDTH) + 60 * width * width;
  m->fit += n->spectral_iterations * ceil(width / SPECTRAL_WIDTH / o->ranks) * (CHEBYSHEV + 1) * product;
  m->fit += n->spectral_iterations * (6 * n->items * width * width / o->ranks + 30 * pow(width, 3)) * r->gemm;
  m->panels += ceil(blocks / o->ranks) * (n->spectral_sharpen > 0 ? SHARPEN + 0.2 : 1) * product;
  m->panels += 2 * n->items * n->items * vectors * r->gemm / o->ranks;
  if (w->ranks > 1) plan_network_gather(&m->fitting, 2 * n->spectral_iterations, 4 * n->items * width / o->ranks);
  add_panels(w, o, m);
}

static void add_item_neighbours(const plan_work *w, const own *o, plan_fitted *m) {
  const plan_numbers *n = w->n;
  m->memory += 4 * n->items * ITEM_PANEL + 40 * n->items + 8 * n->users;
  m->panels += pairs_of_pairs(n) / o->ranks * w->r->pair;
  add_panels(w, o, m);
}

/* Users beside each user, then what those have touched. */
static void add_user_neighbours(const plan_work *w, const own *o, plan_fitted *m) {
  const plan_numbers *n = w->n;
  const double common = n->items > 0 ? n->pairs * n->pairs / n->items : 0;
  m->memory += 40 * n->users + 8 * n->items + ENTRY * n->neighbours * o->users;
  m->fit += common * w->share * w->r->pair;
  m->score += o->users * n->neighbours * n->pairs / fmax(1, n->users) * w->r->pair;
}

plan_fitted plan_recommender_cost(const plan_work *w, const plan_network *network, int which, double sweeps) {
  const own o = own_of(w, network);
  plan_fitted m = {.fitting = plan_network_start(network, w->ranks), .ranking = plan_network_start(network, w->ranks)};
  switch (which) {
    case PLAN_ALS: add_als(w, &o, sweeps, &m); break;
    case PLAN_EASE: add_ease(w, &o, &m); break;
    case PLAN_SPECTRAL: add_spectral(w, &o, &m); break;
    case PLAN_ITEM_NEIGHBOURS: add_item_neighbours(w, &o, &m); break;
    case PLAN_USER_NEIGHBOURS: add_user_neighbours(w, &o, &m); break;
    case PLAN_CONTENT: add_panels(w, &o, &m); break;
    default: m.memory += 8 * w->n->items; break;
  }
  return m;
}

int plan_recommender_needs_matrix(int models) {
  return (models & (1 << PLAN_SPECTRAL | 1 << PLAN_ITEM_NEIGHBOURS | 1 << PLAN_USER_NEIGHBOURS)) != 0;
}

double plan_recommender_matrix(const plan_numbers *n) { return 2 * ENTRY * n->pairs + 8 * (n->users + n->items); }

int plan_recommender_heaviest(const plan_work *w, const plan_network *network, double *bytes) {
  int heaviest = PLAN_ALS;
  *bytes = 0;
  for (int i = 0; i < PLAN_RECOMMENDERS; i++) {
    if ((w->n->models >> i & 1) == 0) continue;
    const plan_fitted m = plan_recommender_cost(w, network, i, 1);
    double all = m.shared + m.memory + m.peak;
    if (plan_recommender_needs_matrix(1 << i)) all += plan_recommender_matrix(w->n);
    if (all <= *bytes) continue;
    *bytes = all;
    heaviest = i;
  }
  return heaviest;
}

status plan_recommender_choose(plan_numbers *n, const char **dropped) {
  *dropped = NULL;
  if ((n->models & 1 << PLAN_EASE) == 0 || n->items <= n->ease_items) return STATUS_OK;
  if (n->models == 1 << PLAN_EASE)
    return status_fail(
        STATUS_SETTINGS,
        "ease: the inverse of %.0f × %.0f items takes %.0f GiB over all ranks, and ease.items allows for "
        "%.0f items; take als or spectral into recommender.models",
        n->items, n->items, 4 * n->items * n->items / (1 << 30), n->ease_items);
  n->models &= ~(1 << PLAN_EASE);
  *dropped = plan_recommender_name(PLAN_EASE);
  return STATUS_OK;
}
