/* Stages that learn and write texts. */
#include <math.h>

#include "stages/plan_time.h"

enum { ROWS = 64, BATCH = 256, STRIDE = 4, GATE_TEXTS = 512, GATE_POINTS = 6, JUDGE_LINES = 64, RESULT_BYTES = 392 };

/* A call fills ROWS rows again and again until its texts run out; then the longest one is waited for. */
double plan_time_decode(const plan_numbers *n, const plan_rates *r, double texts, double batch) {
  if (texts <= 0) return 0;
  const double calls = ceil(texts / batch), inside = texts / calls;
  const double steps = n->tokens_most * 0.7 + fmax(0, inside / ROWS - 1) * n->tokens;
  return calls * steps * r->decode_step + texts * n->tokens * r->decode_row;
}

/* Data-parallel steps: lanes of the busiest rank, then one optimiser step on all. */
static void learn(const plan_work *w, double steps, double lane, double parameters, double adam, plan_traffic *t,
                  plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double lanes = ceil((double)n->lanes / w->ranks);
  cost->compute += steps * lanes * (lane + 1.5 * parameters * r->add);
  cost->serial += steps * parameters * (adam + 2 * r->add);
  plan_network_tree(t, steps, 4 * (parameters + 1), n->lanes, PLAN_CUT_EVEN);
  plan_network_agree(t, steps);
}

static void train_writer(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double parameters = (double)generator_count(&n->writer), sequences = (double)n->batch / n->lanes;
  const double steps = ceil(n->train_lines / n->batch);
  const double judged = ceil(n->validation_lines / JUDGE_LINES);
  learn(w, n->epochs * steps, sequences * n->lane_steps * r->lane_token, parameters, r->adam, t, cost);
  cost->compute += (n->epochs + 1) * ceil(judged / w->ranks) * JUDGE_LINES * n->tokens_most * 0.8 * r->judge_token;
  cost->serial += n->epochs * parameters * 2 * r->add;
  plan_network_tree(t, n->epochs + 1, 8, (int)fmax(judged, 1), PLAN_CUT_EVEN);
  plan_network_reduce(t, 2.0 * n->epochs, 8);
}

/* Texts that all ranks share out and then all hold. */
static void sample(const plan_work *w, double times, double texts, plan_traffic *t, plan_cost *cost) {
  const double mine = texts / w->ranks;
  cost->compute += times * plan_time_decode(w->n, w->r, mine, mine);
  plan_network_agree(t, times * 2);
  plan_network_gather(t, times, mine * RESULT_BYTES);
}

static void tune(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double writer = (double)generator_count(&n->writer), judge = (double)discriminator_count(&n->judge);
  const double lane = (double)n->round_texts / n->lanes;
  sample(w, 1, fmin((double)n->judge_steps * n->round_texts, 2 * n->train_lines), t, cost);
  learn(w, n->judge_steps + n->rounds, 2 * lane * n->tokens * r->judge_learn, judge, r->adam, t, cost);
  sample(w, n->rounds, n->round_texts, t, cost);
  cost->serial += 2.0 * n->rounds * n->round_texts * n->tokens * r->judge_text;
  const double rollouts = lane * (n->tokens - 1) / STRIDE * n->rollouts;
  const double reward = plan_time_decode(n, r, rollouts, rollouts) + rollouts * n->tokens * r->judge_text;
  learn(w, n->rounds, reward + 2 * lane * n->lane_steps * r->lane_token, writer, r->adam, t, cost);
  if (n->rounds > 0) sample(w, GATE_POINTS, GATE_TEXTS, t, cost);
}

void plan_time_train(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  cost->serial += w->r->tokeniser + n->lines * w->r->check_text;
  cost->serial +=
      (n->items * (n->item_text + 106.0 + 4 * n->width) + 8.0 * (double)generator_count(&n->writer)) * w->r->byte;
  plan_network_broadcast(t, 1, 12.0 * n->writer.vocabulary);
  train_writer(w, t, cost);
  tune(w, t, cost);
}

void plan_time_generate(const plan_work *w, plan_traffic *t, plan_cost *cost) {
  const plan_numbers *n = w->n;
  const plan_rates *r = w->r;
  const double messages = n->messages * w->share, texts = messages * n->candidates * n->asked;
  const double parts = ceil(n->user_parts * w->share - 1e-9), users = n->users * w->share;
  const double kept = texts * n->kept, proposal = 24 + 3 * n->tokens + 16;
  cost->compute += (plan_time_users_bytes(n) * w->share + users * (85 + 107 + 4.0 * n->width)) * r->byte;
  cost->compute += plan_time_decode(n, r, texts, fmin(BATCH, fmax(texts / parts, 1)));
  cost->compute += texts * (n->tokens * r->judge_text + r->check_text);
  cost->compute += kept * proposal * r->byte + messages * (600 * r->byte + r->check_text) + 3 * parts * r->file;
  cost->compute += 4 * r->sort * messages * log2(fmax(2, messages));
  cost->serial += (n->items * (n->item_text + 106.0 + 4 * n->width + 12 * n->item_words)) * r->byte;
  cost->serial += n->lines * r->check_text + 2 * r->file;
  /* Claims and answers go round until nobody is turned away: a few times in each of two waves, for each time that the
   * writer is asked. */
  plan_network_agree(t, 80);
  plan_network_exchange(t, 3, 48 * n->messages / w->ranks);
  plan_network_exchange(t, 20, 48 * n->messages / w->ranks / 20);
  plan_network_reduce(t, 40, 8);
  plan_network_reduce(t, 2, 8 * n->items);
  plan_network_gather(t, 1, 160 * parts);
}
