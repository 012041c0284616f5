#include "math/decode_score.h"

static int padded(int count) { return (count + 15) / 16 * 16; }

void *decode_score_take(kernel_scratch *scratch, int64_t count, size_t size) {
  return kernel_take(scratch, (int64_t)(((size_t)count * size + sizeof(float) - 1) / sizeof(float)));
}

void decode_score_lay_out(const generator_shape *s, int positions, kernel_scratch *scratch, decode_score *out) {
  const int64_t before = scratch->used;
  memset(out, 0, sizeof *out);
  decode_states_lay_out(s, scratch, &out->states);
  if (scratch->base != NULL)
    memset(scratch->base + before, 0, (size_t)(scratch->used - before) * sizeof *scratch->base);
  for (int i = 0; i < DECODE_ROWS; i++) decode_draw_lay_out(positions, scratch, &out->draw[i]);
  out->logits = kernel_take(scratch, (int64_t)DECODE_ROWS * padded(positions));
  out->room = decode_score_take(scratch, positions, sizeof *out->room);
}

/* The bias of </s> and slots, which no scan adds. */
static void begin(const decode_model *m, const decode_row *row, int count, float *logits, decode_draw *d) {
  d->count = count;
  d->first = 1 + m->vocabulary->slots;
  d->sharpness = row->request->temperature > 0 ? 1 / row->request->temperature : 1;
  d->logit = logits;
}

static void scan(const decode_model *m, const decode_row *row, int from, int last, decode_draw *d) {
  const decode_list *l = row->request->list;
  uint8_t room[DECODE_STRIP];
  for (int i = from; i < last && i < d->first; i++) d->logit[i] += l->bias[i];
  const int first = from > d->first ? from : d->first;
  if (first >= last) return;
  decode_draw_scan(d, first, last - first, l->bias + first, decode_row_shut(m, row, first, last - first, room));
}

void decode_score_rows(const decode_model *m, const decode_row *rows, const int *order, int count, decode_score *out) {
  const decode_list *l = rows[order[0]].request->list;
  const int stride = padded(l->count);
  const void *left = decode_states_top(m, order, count, &out->states);
  for (int64_t i = 0; i < count; i++) begin(m, &rows[order[i]], l->count, out->logits + i * stride, &out->draw[i]);
  for (int from = 0; from < l->count; from += DECODE_STRIP) {
    const int columns = l->count - from < DECODE_STRIP ? l->count - from : DECODE_STRIP;
    decode_model_multiply(m, &l->output, count, left, from, columns, 0, out->logits + from, stride);
    for (int i = 0; i < count; i++) scan(m, &rows[order[i]], from, from + columns, &out->draw[i]);
  }
  for (int i = 0; i < count; i++) {
    uint8_t open[1 + DECODE_SLOTS_MOST];
    decode_row_specials(m, &rows[order[i]], open);
    decode_draw_end_scan(&out->draw[i], open);
  }
}
