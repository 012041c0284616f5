/* A small writer with random weights, 40 slots and two units of length, for the tests of the decoder. */
#ifndef TEST_DECODE_EXAMPLE_H
#define TEST_DECODE_EXAMPLE_H

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/bf16.h"
#include "math/decode.h"
#include "support/generator_plain.h"
#include "support/suite.h"

enum { V = 190, C = 5, D = 6, BEGIN = 0, END = 1, FIRST_SLOT = 2, SLOTS = 40, REQUESTS = 300, UNITS = 2 };

/* How far a log-probability may be from its twin in double. */
static inline double example_tolerance(void) { return bf16_available() ? 3e-2 : 1e-4; }

typedef struct example {
  generator_shape shape;
  float *block, *scratch, *model_memory, *list_memory, *whole_memory;
  double *plain; /* the block in double */
  int16_t slot[V];
  int32_t slot_token[SLOTS], token[V];
  uint8_t width[UNITS][V];
  uint16_t slot_width[UNITS][SLOTS];
  float condition[REQUESTS * C], facts[D];
  decode_vocabulary vocabulary;
  decode_model model;
  decode_list list, whole; /* most tokens; all */
  decode_request requests[REQUESTS];
  decode_result results[REQUESTS];
} example;

static inline void example_describe(example *x, random_stream *r) {
  for (int v = 0; v < V; v++) {
    x->slot[v] = -1;
    x->width[0][v] = (uint8_t)random_below(r, 5);
    x->width[1][v] = random_below(r, 20) == 0 ? DECODE_NEVER_FITS : (uint8_t)random_below(r, 3);
  }
  for (int i = 0; i < SLOTS; i++) {
    x->slot_token[i] = FIRST_SLOT + i;
    x->slot[FIRST_SLOT + i] = (int16_t)i;
    x->slot_width[0][i] = (uint16_t)(4 + i % 8);
    x->slot_width[1][i] = 1;
  }
  x->vocabulary = (decode_vocabulary){.begin = BEGIN,
                                      .end = END,
                                      .slots = SLOTS,
                                      .slot = x->slot,
                                      .slot_token = x->slot_token,
                                      .units = UNITS,
                                      .width = {x->width[0], x->width[1]}};
}

static inline void example_ask(example *x, random_stream *r) {
  for (int i = 0; i < REQUESTS * C; i++) x->condition[i] = random_below(r, 2) == 0 ? 0 : random_normal(r);
  for (int i = 0; i < D; i++) x->facts[i] = (float)random_below(r, 2);
  for (int i = 0; i < REQUESTS; i++) {
    uint64_t required = 0;
    for (int k = 0; k < 4; k++) required |= (uint64_t)(random_below(r, 2) == 0) << random_below(r, SLOTS);
    x->requests[i] = (decode_request){.condition = x->condition + (ptrdiff_t)i * C,
                                      .facts = x->facts,
                                      .list = i % 3 == 0 ? &x->whole : &x->list,
                                      .required = required,
                                      .slot_width = {x->slot_width[0], x->slot_width[1]},
                                      .most = {i % 5 == 0 ? DECODE_NO_LIMIT : 70, i % 4 == 0 ? 30 : 0},
                                      .max_tokens = 40,
                                      .temperature = i % 7 == 0 ? 1 : 0.5f + random_unit(r),
                                      .id = 1000 + (uint64_t)i,
                                      .attempt = (uint32_t)(i % 3)};
  }
}

static inline example *example_open(generator_shape shape) {
  openblas_set_num_threads(1);
  example *x = calloc(1, sizeof *x);
  x->shape = shape;
  const size_t count = (size_t)generator_count(&shape);
  x->block = calloc(count, sizeof *x->block);
  x->plain = calloc(count, sizeof *x->plain);
  random_stream r = random_open(4, RANDOM_TEST, 0, 0);
  generator_initialise(&shape, 3, x->block);
  for (size_t i = 0; i < count; i++) x->block[i] += 0.1f * random_normal(&r);
  const generator_parameters p = generator_at(&shape, x->block);
  for (int i = 0; i < 1 + SLOTS; i++) p.output_bias[END + i] += i == 0 ? 3 : 2; /* so that texts end now and then */
  for (size_t i = 0; i < count; i++) x->plain[i] = (double)x->block[i];
  example_describe(x, &r);
  int kept = 0;
  for (int v = 0; v < V; v++)
    if (random_below(&r, 10) != 0) x->token[kept++] = v;
  x->model_memory = calloc((size_t)decode_model_floats(&shape), sizeof(float));
  x->list_memory = calloc((size_t)decode_list_floats(&shape, &x->vocabulary, kept), sizeof(float));
  x->whole_memory = calloc((size_t)decode_list_floats(&shape, &x->vocabulary, V), sizeof(float));
  x->scratch = calloc((size_t)decode_scratch(&shape, &x->vocabulary, V), sizeof(float));
  decode_model_prepare(&shape, x->block, &x->vocabulary, x->model_memory, &x->model);
  decode_list_prepare(&x->model, x->token, kept, x->list_memory, &x->list);
  decode_list_prepare(&x->model, NULL, V, x->whole_memory, &x->whole);
  example_ask(x, &r);
  return x;
}

static inline void example_close(example *x) {
  free(x->block);
  free(x->plain);
  free(x->scratch);
  free(x->model_memory);
  free(x->list_memory);
  free(x->whole_memory);
  free(x);
}

static inline void example_run(example *x, const decode_request *requests, int count, decode_result *results) {
  decode_batch(&x->model, 8, requests, count, results, x->scratch);
}

static inline int example_same(const decode_result *a, const decode_result *b) {
  return a->count == b->count && memcmp(a->token, b->token, (size_t)a->count * sizeof *a->token) == 0 &&
         memcmp(&a->log_probability, &b->log_probability, sizeof(float)) == 0;
}

/* 1 if the list holds the token, </s> and slots included. */
static inline int example_holds(const decode_list *l, int token) {
  for (int i = 0; i < l->count; i++)
    if (l->token[i] == token) return 1;
  return 0;
}

/* log p of each token of the list behind tokens[count], by the twin; -1000 for others. */
static inline void example_next(const example *x, const decode_request *q, const int32_t *tokens, int count,
                                double *log_p) {
  int32_t input[DECODE_TOKENS_MOST + 1], target[DECODE_TOKENS_MOST + 1];
  double sum = 0;
  for (int t = 0; t <= count; t++) {
    input[t] = t == 0 ? BEGIN : tokens[t - 1];
    target[t] = -1;
  }
  const generator_batch b = {.sequences = 1,
                             .steps = count + 1,
                             .input = input,
                             .target = target,
                             .condition = q->condition,
                             .facts = x->shape.facts > 0 ? q->facts : NULL};
  for (int v = 0; v < V; v++) {
    target[count] = v;
    log_p[v] = example_holds(q->list, v) ? -generator_plain_loss(&x->shape, x->plain, &b, NULL) : -1000;
    sum += exp(log_p[v]);
  }
  for (int v = 0; v < V; v++) log_p[v] -= log(sum);
}

#endif
