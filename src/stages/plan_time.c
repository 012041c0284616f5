/* Stages that go over users and items. */
#include "stages/plan_time.h"

#include <math.h>

#include "stages/plan_recommender.h"

enum {
  EVENT_BYTES = 48,
  DIMENSIONS = 64,
  BLEND_USERS = 20000 /* whom a blend is learned from: stages/fold_ensemble.h */
};

double plan_time_users_bytes(const plan_numbers *n) {
  return n->users * (43 + n->user_name) + n->events * 17 + n->pairs * 22;
}

static double catalogue_bytes(const plan_numbers *n) { return n->items * (n->item_text + 106); }

/* Comparisons of a sort are as many as halvings of what is sorted. */
static double sorted(double count) { return count > 2 ? count * log2(count) : 0; }

/* Files of a rank: one for each of its partitions. */
static double files(const plan_work *w) { return ceil(w->n->user_parts * w->share - 1e-9); }

void plan_time_ingest(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double events = n->events * w->share, bytes = n->rows * n->row_bytes;
  const double parts = files(w), texts = catalogue_bytes(n);
  cost->compute += n->rows / w->ranks * r->row;
  /* Events are put where they belong, looked through for the cut, and laid out. */
  cost->compute += 6 * EVENT_BYTES * events * r->copy;
  cost->compute += plan_time_users_bytes(n) * w->share * r->byte + parts * r->file;
  cost->compute += n->category_words > 0 ? n->items / w->ranks * r->title : 0;
  cost->compute += n->items / w->ranks * n->category_words * 21 * r->centre;
  cost->serial += bytes * r->skim * (w->ranks - 1) / w->ranks;
  cost->serial += n->catalogue_bytes * r->catalogue + texts * r->byte + 2 * r->file;
  plan_network_agree(t, 24);
  plan_network_reduce(t, 70, 8); /* the cut by bisection; counts */
  plan_network_reduce(t, 1, 8 * n->items);
  plan_network_exchange(t, 1, n->users * (40 + n->user_name + 8)); /* a user travels from many ranks to one */
  plan_network_exchange(t, 1, EVENT_BYTES * n->events / w->ranks);
  plan_network_exchange(t, 2, 16 * n->suppressed / w->ranks);
  if (n->catalogue_bytes > 0) return;
  plan_network_exchange(t, 1, 40 * (n->votes + n->prices) / w->ranks);
  plan_network_gather(t, 1, texts / w->ranks);
}

void plan_time_profile(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double users = n->users * w->share, mentions = n->items * n->item_words;
  cost->compute += n->items / w->ranks * r->title;
  cost->compute += plan_time_users_bytes(n) * w->share * r->byte + 85 * users * r->byte + 2 * files(w) * r->file;
  /* A word of an item is added and taken away again, in memory that is mostly cached. */
  cost->compute += n->pairs * w->share * n->item_words * 16 * r->copy;
  cost->compute += users * n->segments * (1 + n->iterations) * r->centre;
  cost->serial += r->sort * sorted(mentions) + catalogue_bytes(n) * r->byte + 12 * n->words * r->byte;
  plan_network_agree(t, 10 + 2.0 * n->iterations);
  plan_network_gather(t, 1, mentions / w->ranks * 10);
  plan_network_gather(t, n->segments, 16 + 4 * DIMENSIONS);
  plan_network_tree(t, n->iterations, 8.0 * n->segments * (DIMENSIONS + 1), n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_reduce(t, n->iterations, 8);
  plan_network_reduce(t, 1 + fmin(n->segments, 64), 8 * n->words);
}

static void add_traffic(plan_traffic *t, const plan_traffic *one, double times) {
  t->seconds += times * one->seconds;
  t->sent += times * one->sent;
  t->messages += times * one->messages;
}

/* Fits, rankings of all users, and of those that the blend is learned from. */
typedef struct course {
  double fits, rankings, samples;
} course;

static void add_model(const plan_work *w, int which, double sweeps, course c, plan_traffic *t, plan_cost *cost) {
  const plan_fitted m = plan_recommender_cost(w, t->network, which, sweeps);
  const double sample = fmin(1, BLEND_USERS / fmax(1, w->n->users));
  cost->compute += c.fits * m.fit + (c.rankings + c.samples) * m.panels + (c.rankings + c.samples * sample) * m.score;
  add_traffic(t, &m.fitting, c.fits);
  add_traffic(t, &m.ranking, c.rankings + c.samples);
}

/* Sweeps of ALS before the cut, each of them judged; those that the blend is learned by; those to all events. */
static void add_course(const plan_work *w, course c, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double tried = n->judged > 0 ? n->sweeps : 0;
  const double sweeps = tried + (c.samples > 0 ? 2 : 1) * n->refit_sweeps;
  add_model(w, PLAN_ALS, sweeps, (course){1, 0, 0}, t, cost);
  if (n->is_explicit) add_model(w, PLAN_ALS, tried + n->refit_sweeps, (course){1, 0, 0}, t, cost);
  cost->compute +=
      (tried + 1) * n->pairs * w->share * r->als_event + tried * n->judged * w->share * n->items * r->score;
  cost->compute += n->exact_share * n->users * w->share * r->exact;
  cost->compute += 2 * n->pairs * w->share * 16 * r->copy;
  cost->serial += 4 * n->stride * n->items * r->byte;
  cost->compute += (4 * n->stride + 80) * n->users * w->share * r->byte + 2 * files(w) * r->file;
  plan_network_tree(t, tried * 2 + 1, 24, n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_reduce(t, 3, 8 * n->items);
}

void plan_time_factorise(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const int learns = n->judged > 0 && (n->models & (n->models - 1)) != 0; /* more models than one */
  const course c = {.fits = learns ? 2 : 1, .rankings = 1, .samples = learns ? 2 : 0};
  cost->compute += plan_time_users_bytes(n) * w->share * w->r->byte;
  cost->serial += catalogue_bytes(n) * w->r->byte;
  add_course(w, c, t, cost);
  for (int i = 0; i < PLAN_RECOMMENDERS; i++) {
    course own = c;
    if ((n->models >> i & 1) == 0) continue;
    if (i == PLAN_ALS) own.fits = 0; /* counted above */
    add_model(w, i, 0, own, t, cost);
  }
  if (plan_recommender_needs_matrix(n->models))
    plan_network_gather(t, c.fits, plan_recommender_matrix(n) / 2 / w->ranks);
}

void plan_time_decide(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double users = n->users * w->share, pairs = n->pairs * w->share;
  cost->compute += (plan_time_users_bytes(n) * w->share + users * (85 + 107 + 4.0 * n->width)) * r->byte;
  cost->compute += users * n->items * r->score + pairs * r->als_event + r->sort * sorted(pairs / fmax(files(w), 1));
  cost->compute += files(w) * r->file;
  cost->serial += (catalogue_bytes(n) + n->items * (4.0 * n->width + 12 * n->item_words)) * r->byte;
  cost->serial += 2 * r->sort * sorted(n->items);
  plan_network_agree(t, 3);
  plan_network_reduce(t, 2, 56);
}

void plan_time_report(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  (void)t;
  cost->serial += (catalogue_bytes(n) + n->items * 8) * w->r->byte + 20 * w->r->check_text + 2 * w->r->file;
}
