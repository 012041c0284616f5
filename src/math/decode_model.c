/* Weights made ready: packed matrices, the table of the first layer's input product, lists of tokens. */
#include "math/decode_model.h"

#include <cblas.h>

#include "math/bf16.h"
#include "math/kernel.h"
#include "math/vectors.h"

/* Rows of the embedding that go into the table at a time. */
enum { TABLE_ROWS = 64 };

/* Columns of the first layer's input product. */
static int64_t gates_of(const generator_shape *s) { return 4 * (int64_t)s->hidden; }

/* The upper half of a float, rounded to the nearest, ties to even. */
KERNEL static void round_to_halves(const float *restrict in, uint16_t *restrict out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) {
    const union {
      float value;
      uint32_t bits;
    } whole = {in[i]};
    out[i] = (uint16_t)((whole.bits + 0x7fff + (whole.bits >> 16 & 1)) >> 16);
  }
}

KERNEL static void add_halves(const uint16_t *restrict in, float *restrict out, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) {
    const union {
      uint32_t bits;
      float value;
    } half = {(uint32_t)in[i] << 16};
    out[i] += half.value;
  }
}

static int64_t packed_floats(int depth, int width) { return (bf16_right_count(depth, width) + 1) / 2; }

/* A matrix of the parameter block; packed, its floats come from the memory. */
static decode_matrix ready(const decode_model *m, int depth, int width, const float *b, int turned,
                           kernel_scratch *memory) {
  decode_matrix out = {.depth = depth, .width = width, .value = b, .turned = turned};
  if (!m->halves || depth == 0 || width == 0) return out;
  float *room = kernel_take(memory, packed_floats(depth, width));
  out.value = room;
  if (room == NULL) return out;
  if (turned)
    bf16_right_transposed(depth, width, b, depth, (uint16_t *)(void *)room);
  else
    bf16_right(depth, width, b, width, (uint16_t *)(void *)room);
  return out;
}

static void fill_table(const decode_model *m, float *rows, float *table) {
  const generator_shape *s = &m->shape;
  const int width = (int)gates_of(s);
  for (int v = 0; v < s->vocabulary; v += TABLE_ROWS) {
    const int count = s->vocabulary - v < TABLE_ROWS ? s->vocabulary - v : TABLE_ROWS;
    float *out = m->halves ? rows : table + (int64_t)v * width;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, width, s->embedding, 1.0f,
                m->at.embedding + (int64_t)v * s->embedding, s->embedding, m->at.input[0], width, 0.0f, out, width);
    if (m->halves) round_to_halves(rows, (uint16_t *)(void *)table + (int64_t)v * width, (int64_t)count * width);
  }
}

/* Takes what the model needs; memory that only counts gets nothing written. */
static void lay_out(decode_model *m, kernel_scratch *memory) {
  const generator_shape *s = &m->shape;
  const int h = s->hidden, d = s->facts;
  const int64_t cells = (int64_t)s->vocabulary * gates_of(s);
  float *table = kernel_take(memory, m->halves ? (cells + 1) / 2 : cells);
  float *read_table = kernel_take(memory, (int64_t)s->vocabulary * d);
  float *rows = kernel_take(memory, m->halves ? TABLE_ROWS * gates_of(s) : 0);
  for (int l = 0; l < s->layers; l++) {
    if (l > 0) m->input[l] = ready(m, h, 4 * h, m->at.input[l], 0, memory);
    m->recurrent[l] = ready(m, h, 4 * h, m->at.recurrent[l], 0, memory);
    m->facts[l] = ready(m, d, h, m->at.facts[l], 0, memory);
  }
  m->read = ready(m, h, d, m->at.read_recurrent, 0, memory);
  if (!s->untied && h != s->embedding) m->projection = ready(m, h, s->embedding, m->at.projection, 0, memory);
  m->table = table;
  m->read_table = read_table;
  if (table == NULL) return;
  fill_table(m, rows, table);
  if (d > 0)
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, s->vocabulary, d, s->embedding, 1.0f, m->at.embedding,
                s->embedding, m->at.read_input, d, 0.0f, read_table, d);
}

int64_t decode_model_floats(const generator_shape *s) {
  decode_model m = {.shape = *s, .halves = bf16_available()};
  kernel_scratch counter = {NULL, 0};
  lay_out(&m, &counter);
  return counter.used;
}

void decode_model_prepare(const generator_shape *s, const float *block, const decode_vocabulary *v, float *memory,
                          decode_model *out) {
  kernel_scratch taken = {memory, 0};
  *out = (decode_model){.shape = *s,
                        .vocabulary = v,
                        .halves = bf16_available(),
                        .at = generator_at(s, (float *)(uintptr_t)block)}; /* read only */
  lay_out(out, &taken);
}

const void *decode_model_left(const decode_model *m, int rows, int depth, const float *a, uint16_t *room) {
  if (!m->halves) return a;
  bf16_left(rows, depth, a, depth, room);
  return room;
}

void decode_model_multiply(const decode_model *m, const decode_matrix *b, int rows, const void *left, int first,
                           int columns, int add, float *c, int stride) {
  if (m->halves) {
    const int64_t before = bf16_right_count(b->depth, first);
    bf16_product(rows, columns, b->depth, left, (const uint16_t *)b->value + before, add, c, stride);
    return;
  }
  const float *a = left, *value = b->value;
  const float *from = value + (b->turned ? (int64_t)first * b->depth : first);
  for (int i = 0; i < rows; i += DECODE_BLOCK_ROWS)
    cblas_sgemm(CblasRowMajor, CblasNoTrans, b->turned ? CblasTrans : CblasNoTrans, DECODE_BLOCK_ROWS, columns,
                b->depth, 1.0f, a + (int64_t)i * b->depth, b->depth, from, b->turned ? b->depth : b->width,
                add ? 1.0f : 0.0f, c + (int64_t)i * stride, stride);
}

void decode_model_add_token(const decode_model *m, int token, float *gates) {
  const int width = (int)gates_of(&m->shape);
  const int64_t at = (int64_t)token * width;
  if (m->halves)
    add_halves((const uint16_t *)m->table + at, gates, width);
  else
    vectors_add(gates, (const float *)m->table + at, width);
}

/* Where a list's arrays stand. Its rows of the softmax weights are gathered whole for f32, a panel at a time for bf16.
 */
typedef struct list_room {
  int32_t *token;
  float *bias, *rows;
  uint16_t *packed;
  uint8_t *width[DECODE_UNITS_MOST];
} list_room;

static list_room lay_out_list(const generator_shape *s, const decode_vocabulary *v, int count, int halves,
                              kernel_scratch *memory) {
  const int room = 1 + v->slots + count, depth = decode_top_width(s);
  list_room l = {0};
  l.token = (int32_t *)(void *)kernel_take(memory, room);
  l.bias = kernel_take(memory, room);
  for (int u = 0; u < v->units; u++) l.width[u] = (uint8_t *)kernel_take(memory, (room + 3) / 4);
  l.rows = kernel_take(memory, (int64_t)(halves ? BF16_PANEL : room) * depth);
  if (halves) l.packed = (uint16_t *)(void *)kernel_take(memory, packed_floats(depth, room));
  return l;
}

int64_t decode_list_floats(const generator_shape *s, const decode_vocabulary *v, int count) {
  kernel_scratch counter = {NULL, 0};
  lay_out_list(s, v, count, bf16_available(), &counter);
  return counter.used;
}

static void append(const decode_model *m, int token, list_room *room, decode_list *l) {
  const decode_vocabulary *v = m->vocabulary;
  const int at = l->count++;
  room->token[at] = token;
  room->bias[at] = m->at.output_bias[token];
  for (int u = 0; u < v->units; u++) {
    const int wide = at > v->slots ? v->width[u][token] : 0;
    room->width[u][at] = (uint8_t)wide;
    if (wide == DECODE_NEVER_FITS)
      l->never[u] = 1;
    else if (wide > l->widest[u])
      l->widest[u] = wide;
  }
}

/* The softmax weights of the list's tokens. */
static void fill_output(const decode_model *m, const list_room *room, const decode_list *l) {
  const int depth = decode_top_width(&m->shape);
  for (int at = 0; at < l->count; at++) {
    const int place = m->halves ? at % BF16_PANEL : at;
    memcpy(room->rows + (int64_t)place * depth, m->at.output + (int64_t)l->token[at] * depth,
           (size_t)depth * sizeof(float));
    if (!m->halves || (place < BF16_PANEL - 1 && at < l->count - 1)) continue;
    bf16_right_transposed(depth, place + 1, room->rows, depth, room->packed + bf16_right_count(depth, at - place));
  }
}

void decode_list_prepare(const decode_model *m, const int32_t *tokens, int count, float *memory, decode_list *out) {
  const decode_vocabulary *v = m->vocabulary;
  kernel_scratch taken = {memory, 0};
  list_room room = lay_out_list(&m->shape, v, count, m->halves, &taken);
  *out = (decode_list){.token = room.token, .bias = room.bias};
  for (int u = 0; u < v->units; u++) out->width[u] = room.width[u];
  append(m, v->end, &room, out);
  for (int i = 0; i < v->slots; i++) append(m, v->slot_token[i], &room, out);
  for (int i = 0; i < count; i++) {
    const int token = tokens == NULL ? i : tokens[i];
    if (token != v->begin && token != v->end && v->slot[token] < 0) append(m, token, &room, out);
  }
  out->output = (decode_matrix){.depth = decode_top_width(&m->shape),
                                .width = out->count,
                                .value = m->halves ? (const void *)room.packed : (const void *)room.rows,
                                .turned = 1};
  fill_output(m, &room, out);
}

int decode_model_find(const decode_list *l, int first, int token) {
  for (int i = 0; i < first; i++)
    if (l->token[i] == token) return i;
  int low = first, high = l->count - 1;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (l->token[middle] < token)
      low = middle + 1;
    else
      high = middle;
  }
  return low < l->count && l->token[low] == token ? low : -1;
}
