#include <math.h>
#include <stdlib.h>

#include "stages/checkpoint.h"
#include "stages/train_gan.h"
#include "stages/train_writer.h"

enum { GATE_TEXTS = 512 };

static const double temperatures[TRAIN_CURVE] = {0.7, 0.8, 0.9, 1.0, 1.1};
static const double tuned_temperature = 0.9;

static int ascending(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static status distinct_pairs(const train_text *texts, int64_t count, arena *a, double *share) {
  int64_t pairs = 0, distinct = 0;
  for (int64_t i = 0; i < count; i++) pairs += texts[i].count - 1;
  uint64_t *pair = NULL;
  TRY(ARENA(a, pairs, &pair));
  pairs = 0;
  for (int64_t i = 0; i < count; i++)
    for (int t = 1; t < texts[i].count; t++)
      pair[pairs++] = (uint64_t)texts[i].token[t - 1] << 32 | (uint32_t)texts[i].token[t];
  qsort(pair, (size_t)pairs, sizeof *pair, ascending);
  for (int64_t i = 0; i < pairs; i++) distinct += i == 0 || pair[i] != pair[i - 1];
  *share = pairs > 0 ? (double)distinct / (double)pairs : 0;
  return STATUS_OK;
}

static status measure(const train_data *d, const train_text *texts, int64_t count, arena *a, train_point *point) {
  double perplexity = 0;
  if (count == 0) return status_fail(STATUS_DATA, "train: the writer leaves out slots in every text of the gate");
  TRY(train_writer_trigram(d, texts, count, a, &perplexity));
  point->quality = -log(perplexity);
  return distinct_pairs(texts, count, a, &point->diversity);
}

/* The same conditions and random streams for every point, so that they differ by the writer alone. */
static status sample_point(stage *s, const train_data *d, const train_sampler *sampler, const float *block,
                           double temperature, train_point *point) {
  arena a = {0};
  int32_t lines[GATE_TEXTS];
  train_text texts[GATE_TEXTS];
  decode_result *results = NULL;
  for (int i = 0; i < GATE_TEXTS; i++) lines[i] = d->validation[i % d->validation_count];
  point->temperature = temperature;
  status result = train_sampler_run(sampler, s->comm, block, s->seed, temperature, lines, GATE_TEXTS, UINT64_C(1) << 62,
                                    &a, &results);
  if (result == STATUS_OK) {
    const int64_t count = train_sampler_texts(lines, results, GATE_TEXTS, texts);
    result = comm_agree(s->comm, measure(d, texts, count, &a, point));
  }
  arena_free(&a);
  return result;
}

/* Quality of the learned writer at the tuned one's diversity: between two neighbouring temperatures where there are
 * such, the better pair where there are several; at the most diverse end where the tuned writer is more diverse still.
 */
static void judge(train_gate *g) {
  const double x = g->tuned.diversity;
  const train_point *widest = &g->curve[0];
  double bar = -INFINITY;
  for (int i = 0; i < TRAIN_CURVE; i++)
    if (g->curve[i].diversity > widest->diversity) widest = &g->curve[i];
  for (int i = 0; i + 1 < TRAIN_CURVE; i++) {
    const train_point *p = &g->curve[i], *q = &g->curve[i + 1];
    const double low = fmin(p->diversity, q->diversity), high = fmax(p->diversity, q->diversity);
    if (x < low || x > high) continue;
    const double share = high > low ? (x - p->diversity) / (q->diversity - p->diversity) : 0;
    bar = fmax(bar, p->quality + share * (q->quality - p->quality));
  }
  const int comparable = bar > -INFINITY || x >= widest->diversity;
  g->bar = bar > -INFINITY ? bar : widest->quality;
  g->shipped = comparable && g->tuned.quality >= g->bar;
}

/* Point `index` of the curve; after the last, the tuned writer's. */
static status take_point(stage *s, const train_data *d, const train_sampler *sampler, const float *learned,
                         const float *tuned, int index, train_gate *g) {
  if (index == TRAIN_CURVE) return sample_point(s, d, sampler, tuned, tuned_temperature, &g->tuned);
  TRY(sample_point(s, d, sampler, learned, temperatures[index], &g->curve[index]));
  log_event(s->log, s->name, "curve", LOG_REAL("temperature", temperatures[index]),
            LOG_REAL("quality", g->curve[index].quality), LOG_REAL("distinct-2", g->curve[index].diversity));
  return STATUS_OK;
}

status train_gate_run(stage *s, const train_data *d, const train_sampler *sampler, const float *learned,
                      const float *tuned, train_gate *out) {
  checkpoint_state state = {.parts = 0};
  checkpoint saved;
  int64_t taken = -1;
  tensor_file_add(&state.shared, "gate", TENSOR_U8, sizeof *out, 1, out);
  TRY(checkpoint_open(s, "gate", &state, &saved, &taken));
  if (taken < 0) taken = 0;
  while (taken <= TRAIN_CURVE) {
    TRY(take_point(s, d, sampler, learned, tuned, (int)taken, out));
    TRY(checkpoint_at(&saved, ++taken));
  }
  TRY(checkpoint_end(&saved, taken));
  judge(out);
  log_event(s->log, s->name, "gate", LOG_REAL("quality", out->tuned.quality),
            LOG_REAL("distinct-2", out->tuned.diversity), LOG_REAL("bar", out->bar),
            LOG_TEXT("shipped", out->shipped ? "gan" : "mle"));
  return STATUS_OK;
}
