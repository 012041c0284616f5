/* Stages that go over users and items. */
#include "stages/plan_time.h"

#include <math.h>

enum { EVENT_BYTES = 48, DIMENSIONS = 64 };

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
  cost->compute += 2 * r->sort * sorted(events) + 4 * EVENT_BYTES * events * r->copy;
  cost->compute += plan_time_users_bytes(n) * w->share * r->byte + r->sort * sorted(events) + parts * r->file;
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

/* One half-sweep of each side, and the loss. */
static void sweep(const plan_work *w, double stride, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double pairs = n->pairs * w->share, users = n->users * w->share;
  const double table = 4 * stride * n->items, gram = 8.0 * n->width * n->width, parts = files(w);
  cost->compute += pairs * ((n->steps + 1) * r->als_event + (n->steps + 2) * r->als_item) + users * r->als_row;
  /* Each partition's vector is cleared, filled, and added to its sibling. */
  cost->compute += parts * (2 + n->steps) * table * 2 * r->copy;
  cost->compute += n->items / w->ranks * r->als_row / 2;
  cost->serial += 2 * r->eigen + n->items * r->als_row + (2 + n->steps) * table * r->copy;
  plan_network_tree(t, 1, gram, n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_tree(t, 1, gram, n->item_parts, PLAN_CUT_EVEN);
  plan_network_broadcast(t, 2, gram / 2 + 8.0 * n->width);
  plan_network_tree(t, 1, 2 * table, n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_tree(t, n->steps, table, n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_fence(t, 7 + 2.0 * n->steps);
  plan_network_agree(t, 8 + n->steps);
}

/* A model's course before the cut, then the fit to all events. */
static void fit(const plan_work *w, double stride, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  plan_cost one = {0};
  plan_traffic sent = plan_network_start(t->network, t->ranks);
  sweep(w, stride, &sent, &one);
  const double tried = n->judged > 0 ? n->sweeps : 0, sweeps = tried + n->refit_sweeps;
  cost->compute += sweeps * one.compute + (tried + 1) * n->pairs * w->share * r->als_event;
  cost->compute += tried * n->judged * w->share * n->items * r->score;
  cost->compute += n->exact_share * n->users * w->share * r->exact;
  cost->compute += 2 * n->pairs * w->share * 16 * r->copy;
  cost->serial += sweeps * one.serial + 4 * stride * n->items * r->byte;
  cost->compute += 4 * stride * n->users * w->share * r->byte + files(w) * r->file;
  t->seconds += sweeps * sent.seconds;
  t->sent += sweeps * sent.sent;
  t->messages += sweeps * sent.messages;
  plan_network_tree(t, tried * 2 + 1, 24, n->user_parts, PLAN_CUT_BY_WORK);
  plan_network_reduce(t, 3, 8 * n->items);
}

void plan_time_factorise(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  cost->compute += plan_time_users_bytes(n) * w->share * w->r->byte;
  cost->serial += catalogue_bytes(n) * w->r->byte;
  fit(w, n->stride, t, cost);
  if (n->is_explicit) fit(w, n->rating_stride, t, cost);
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
