#include "math/decode_states.h"

#include "math/bf16.h"
#include "math/vectors.h"

static uint16_t *take_halves(kernel_scratch *scratch, int64_t count) {
  return (uint16_t *)(void *)kernel_take(scratch, (count + 1) / 2);
}

void decode_states_lay_out(const generator_shape *s, kernel_scratch *scratch, decode_states *out) {
  const int64_t rows = DECODE_ROWS, h = s->hidden, e = s->embedding, d = s->facts;
  const int deepest = s->hidden > s->embedding ? s->hidden : s->embedding;
  memset(out, 0, sizeof *out);
  for (int l = 0; l < s->layers; l++) {
    out->base[l] = kernel_take(scratch, rows * 4 * h);
    for (int i = 0; i < DECODE_PAST; i++) {
      out->cell[i][l] = kernel_take(scratch, rows * h);
      out->state[i][l] = kernel_take(scratch, rows * h);
    }
  }
  for (int i = 0; i < DECODE_PAST; i++) out->facts[i] = kernel_take(scratch, rows * d);
  out->gates = kernel_take(scratch, rows * 4 * h);
  out->read = kernel_take(scratch, rows * d);
  out->extra = kernel_take(scratch, d > 0 ? rows * h : 0);
  out->chosen = kernel_take(scratch, rows * h);
  out->top = kernel_take(scratch, rows * e);
  if (bf16_available())
    out->left = take_halves(scratch, bf16_left_count(DECODE_ROWS, deepest > s->facts ? deepest : s->facts));
}

void decode_states_start(const decode_model *m, const decode_request *q, int row, decode_states *w) {
  const generator_shape *s = &m->shape;
  const size_t h = (size_t)s->hidden, d = (size_t)s->facts, at = (size_t)row;
  for (int l = 0; l < s->layers; l++) {
    float *base = w->base[l] + at * 4 * h;
    memcpy(base, m->at.bias[l], 4 * h * sizeof *base);
    for (int c = 0; c < s->condition; c++)
      if (q->condition[c] != 0)
        vectors_add_scaled(base, q->condition[c], m->at.condition[l] + (size_t)c * 4 * h, 4 * (int64_t)h);
    memset(w->cell[w->now][l] + at * h, 0, h * sizeof(float));
    memset(w->state[w->now][l] + at * h, 0, h * sizeof(float));
  }
  if (d == 0) return;
  if (q->facts != NULL)
    memcpy(w->facts[w->now] + at * d, q->facts, d * sizeof(float));
  else
    memset(w->facts[w->now] + at * d, 0, d * sizeof(float));
}

static void copy_row(float *to_block, int to, const float *from_block, int from, size_t width) {
  memcpy(to_block + (size_t)to * width, from_block + (size_t)from * width, width * sizeof *to_block);
}

/* Row `to` of one step = row `from` of another. */
static void copy_step(const generator_shape *s, int from_step, int from, int to_step, int to, decode_states *w) {
  for (int l = 0; l < s->layers; l++) {
    copy_row(w->cell[to_step][l], to, w->cell[from_step][l], from, (size_t)s->hidden);
    copy_row(w->state[to_step][l], to, w->state[from_step][l], from, (size_t)s->hidden);
  }
  if (s->facts > 0) copy_row(w->facts[to_step], to, w->facts[from_step], from, (size_t)s->facts);
}

void decode_states_copy(const generator_shape *s, int from, int to, decode_states *w) {
  for (int l = 0; l < s->layers; l++) copy_row(w->base[l], to, w->base[l], from, 4 * (size_t)s->hidden);
  for (int i = 0; i < DECODE_PAST; i++) copy_step(s, i, from, i, to, w);
}

static int past(const decode_states *w, int steps) { return (w->now + DECODE_PAST - steps) % DECODE_PAST; }

void decode_states_back(const generator_shape *s, int row, int steps, decode_states *w) {
  for (int i = 0; i + steps < DECODE_PAST; i++) copy_step(s, past(w, i + steps), row, past(w, i), row, w);
}

static void permute(float *block, const int *from, int count, size_t width, float *room) {
  for (int i = 0; i < count; i++)
    memcpy(room + (size_t)i * width, block + (size_t)from[i] * width, width * sizeof *block);
  memcpy(block, room, (size_t)count * width * sizeof *block);
}

void decode_states_permute(const generator_shape *s, const int *from, int count, decode_states *w) {
  const size_t h = (size_t)s->hidden;
  for (int l = 0; l < s->layers; l++) {
    permute(w->cell[w->now][l], from, count, h, w->gates);
    permute(w->state[w->now][l], from, count, h, w->gates);
  }
  if (s->facts > 0) permute(w->facts[w->now], from, count, (size_t)s->facts, w->read);
}

/* One row's cell of a step: gates [4H] as products, base [4H], extra [H] before its tanh or NULL. */
KERNEL static void cell_step(int width, const float *restrict gates, const float *restrict base,
                             const float *restrict extra, const float *restrict before, float *restrict cell,
                             float *restrict state) {
  const size_t h = (size_t)width;
#pragma omp simd
  for (size_t k = 0; k < h; k++) {
    const float i = kernel_sigmoid(gates[k] + base[k]), f = kernel_sigmoid(gates[h + k] + base[h + k]);
    const float o = kernel_sigmoid(gates[2 * h + k] + base[2 * h + k]);
    const float g = kernel_tanh(gates[3 * h + k] + base[3 * h + k]);
    const float c = f * before[k] + i * g + (extra == NULL ? 0 : kernel_tanh(extra[k]));
    cell[k] = c;
    state[k] = o * kernel_tanh(c);
  }
}

KERNEL static void let_go(int64_t count, int width, const float *restrict bias, const float *restrict read,
                          const float *restrict before, float *restrict facts) {
  for (int64_t i = 0; i < count; i++)
#pragma omp simd
    for (int k = 0; k < width; k++)
      facts[i * width + k] = before[i * width + k] * kernel_sigmoid(read[i * width + k] + bias[k]);
}

/* d of this step, from the first layer's states before it. */
static void step_facts(const decode_model *m, const int32_t *input, int count, const void *left, decode_states *w) {
  const int d = m->shape.facts;
  decode_model_multiply(m, &m->read, count, left, 0, d, 0, w->read, d);
  for (int i = 0; i < count; i++) vectors_add(w->read + (int64_t)i * d, m->read_table + (int64_t)input[i] * d, d);
  let_go(count, d, m->at.read_bias, w->read, w->facts[past(w, 1)], w->facts[w->now]);
}

/* What the products of a layer leave: its cells. */
static void step_cells(const decode_model *m, const int32_t *input, int count, int l, decode_states *w) {
  const int h = m->shape.hidden, before = past(w, 1);
  for (int64_t i = 0; i < count; i++) {
    float *gates = w->gates + i * 4 * h;
    if (l == 0) decode_model_add_token(m, input[i], gates);
    cell_step(h, gates, w->base[l] + i * 4 * h, m->shape.facts > 0 ? w->extra + i * h : NULL,
              w->cell[before][l] + i * h, w->cell[w->now][l] + i * h, w->state[w->now][l] + i * h);
  }
}

void decode_states_advance(const decode_model *m, const int32_t *input, int count, decode_states *w) {
  const generator_shape *s = &m->shape;
  const int h = s->hidden, before = w->now;
  w->now = (w->now + 1) % DECODE_PAST;
  for (int l = 0; l < s->layers; l++) {
    const void *left = decode_model_left(m, count, h, w->state[before][l], w->left);
    decode_model_multiply(m, &m->recurrent[l], count, left, 0, 4 * h, 0, w->gates, 4 * h);
    if (l == 0 && s->facts > 0) step_facts(m, input, count, left, w);
    if (l > 0) {
      left = decode_model_left(m, count, h, w->state[w->now][l - 1], w->left);
      decode_model_multiply(m, &m->input[l], count, left, 0, 4 * h, 1, w->gates, 4 * h);
    }
    if (s->facts > 0) {
      left = decode_model_left(m, count, s->facts, w->facts[w->now], w->left);
      decode_model_multiply(m, &m->facts[l], count, left, 0, h, 0, w->extra, h);
    }
    step_cells(m, input, count, l, w);
  }
}

const void *decode_states_top(const decode_model *m, const int *rows, int count, decode_states *w) {
  const generator_shape *s = &m->shape;
  const size_t h = (size_t)s->hidden;
  for (int i = 0; i < count; i++)
    memcpy(w->chosen + (size_t)i * h, w->state[w->now][s->layers - 1] + (size_t)rows[i] * h, h * sizeof(float));
  const void *left = decode_model_left(m, count, s->hidden, w->chosen, w->left);
  if (m->projection.depth == 0) return left;
  decode_model_multiply(m, &m->projection, count, left, 0, s->embedding, 0, w->top, s->embedding);
  return decode_model_left(m, count, s->embedding, w->top, w->left);
}
