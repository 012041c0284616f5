#include "stages/evaluate_stream.h"

#include <string.h>

enum {
  LEAD = 256, /* tokens that a judged stream reads before it is scored */
  PIECE = 64  /* tokens of a judged piece */
};

static int first_of(const evaluate_stream *e, int lane) { return (int)partition_start(e->streams, e->lanes, lane); }

static int width(const evaluate_stream *e, int lane) { return first_of(e, lane + 1) - first_of(e, lane); }

int64_t evaluate_stream_state(const evaluate_stream *e, int lane) {
  return 2 * (int64_t)e->shape->layers * width(e, lane) * e->shape->hidden;
}

status evaluate_stream_create(const stage *s, const generator_shape *shape, const evaluate_text *text, int32_t end,
                              int streams, int lanes, int learns, arena *a, evaluate_stream *out) {
  *out = (evaluate_stream){.stage = s,
                           .shape = shape,
                           .text = text,
                           .end = end,
                           .streams = streams,
                           .lanes = lanes,
                           .learns = learns,
                           .lead = learns ? 0 : LEAD};
  out->length = learns ? text->count / streams : (text->count + (streams - 1) * out->lead + streams - 1) / streams;
  if (out->length < 2)
    return status_fail(STATUS_DATA,
                       "a part of the corpus has %lld tokens, too few for %d streams; set text.batch lower",
                       (long long)text->count, streams);
  TRY(ARENA(a, lanes, &out->state));
  for (int i = 0; i < lanes; i++) TRY(ARENA(a, evaluate_stream_state(out, i), &out->state[i]));
  return STATUS_OK;
}

void evaluate_stream_begin(evaluate_stream *e) {
  e->at = 0;
  for (int i = 0; i < e->lanes; i++) memset(e->state[i], 0, (size_t)evaluate_stream_state(e, i) * sizeof(float));
}

/* Token `t` places behind the beginning of the piece; </s> before the text, and -1 behind it. */
static int32_t token(const evaluate_stream *e, int stream, int64_t t) {
  const int64_t place = stream * (e->length - e->lead) + e->at + t;
  if (place < 0) return e->end;
  return place < e->text->count ? e->text->token[place] : -1;
}

static status fill(evaluate_stream *e, int lane, int32_t *input, int32_t *target, uint64_t *ids) {
  const int first = first_of(e, lane), n = width(e, lane);
  for (int i = 0; i < n; i++) {
    const int stream = first + i;
    ids[i] = (uint64_t)stream;
    for (int t = 0; t < e->steps; t++) {
      const int is_lead = stream > 0 && e->at + t < e->lead;
      const int32_t before = token(e, stream, t - 1);
      input[t * n + i] = before >= 0 ? before : e->end;
      target[t * n + i] = is_lead ? -1 : token(e, stream, t);
    }
  }
  return STATUS_OK;
}

status evaluate_stream_lane(void *self, int lane, const void **batch) {
  evaluate_stream *e = self;
  const int n = width(e, lane);
  int32_t *input = NULL, *target = NULL;
  uint64_t *ids = NULL;
  *batch = NULL;
  if (n == 0) return STATUS_OK;
  arena_free(&e->memory);
  TRY(ARENA(&e->memory, (int64_t)n * e->steps, &input));
  TRY(ARENA(&e->memory, (int64_t)n * e->steps, &target));
  TRY(ARENA(&e->memory, n, &ids));
  TRY(fill(e, lane, input, target, ids));
  e->batch = (generator_batch){.sequences = n,
                               .steps = e->steps,
                               .input = input,
                               .target = target,
                               .ids = ids,
                               .start = e->state[lane],
                               .end = e->state[lane]};
  if (e->learns) evaluate_train_regularise(e->stage, e->step, &e->batch);
  *batch = &e->batch;
  return STATUS_OK;
}

status evaluate_stream_judge(evaluate_stream *e, train_loop *loop, double *loss) {
  evaluate_stream_begin(e);
  *loss = 0;
  for (; e->at < e->length; e->at += PIECE) {
    double piece = 0;
    e->steps = e->length - e->at < PIECE ? (int)(e->length - e->at) : PIECE;
    TRY(train_loop_evaluate(loop, &(train_lanes){e, evaluate_stream_lane}, e->lanes, &piece));
    *loss += piece;
  }
  *loss /= (double)e->text->count;
  return STATUS_OK;
}
