#include "math/decode_draw.h"

#include <math.h>

#include "math/vectors.h"

static int chunks_of(int count) { return count / DECODE_CHUNK + 1; }
static int strips_of(int count) { return count / DECODE_STRIP + 1; }

void decode_draw_lay_out(int count, kernel_scratch *scratch, decode_draw *out) {
  out->chunk = kernel_take(scratch, chunks_of(count));
  out->most = kernel_take(scratch, strips_of(count));
  out->one = kernel_take(scratch, strips_of(count));
  out->shut = kernel_take(scratch, strips_of(count));
}

/* Largest of lanes and rest. Lanes by hand: clang does not turn the plain loop into vector code. */
enum { LANES = 16 };

KERNEL static float largest_of(const float *restrict x, int count) {
  float most[LANES];
  const int whole = count / LANES * LANES;
  for (int j = 0; j < LANES; j++) most[j] = -3e38f;
  for (int i = 0; i < whole; i += LANES) {
#pragma omp simd
    for (int j = 0; j < LANES; j++) most[j] = x[i + j] > most[j] ? x[i + j] : most[j];
  }
  for (int i = whole; i < count; i++) most[0] = x[i] > most[0] ? x[i] : most[0];
  for (int j = 1; j < LANES; j++) most[0] = most[j] > most[0] ? most[j] : most[0];
  return most[0];
}

/* Sum of exp((x - most) × sharpness). */
KERNEL static float strip_sum(const float *restrict x, float most, float sharpness, int count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < count; i++) sum += kernel_exp((x[i] - most) * sharpness);
  return sum;
}

/* Closes positions; returns the sum of exp(x - most) over them. */
KERNEL static float strip_close(float *restrict x, const uint8_t *restrict shut, float most, int count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < count; i++) {
    sum += shut[i] ? kernel_exp(x[i] - most) : 0.0f;
    x[i] = shut[i] ? DECODE_CLOSED : x[i];
  }
  return sum;
}

/* Positions behind `from` up to the border of a chunk. */
static int to_border(int from, int last) {
  const int border = (from / DECODE_CHUNK + 1) * DECODE_CHUNK;
  return border < last ? border : last;
}

void decode_draw_scan(decode_draw *d, int from, int count, const float *bias, const uint8_t *shut) {
  const int strip = from / DECODE_STRIP, last = from + count;
  vectors_add(d->logit + from, bias, count);
  const float most = largest_of(d->logit + from, count);
  float one = 0;
  d->most[strip] = most;
  d->shut[strip] = 0;
  if (d->sharpness != 1 || shut != NULL) one = strip_sum(d->logit + from, most, 1, count);
  if (shut != NULL) d->shut[strip] = strip_close(d->logit + from, shut, most, count);
  for (int at = from; at < last; at = to_border(at, last)) {
    const float sum = strip_sum(d->logit + at, most, d->sharpness, to_border(at, last) - at);
    d->chunk[at / DECODE_CHUNK] = sum;
    if (d->sharpness == 1 && shut == NULL) one += sum;
  }
  d->one[strip] = one;
}

static int is_open(float logit) { return logit > 0.5f * DECODE_CLOSED; }

void decode_draw_end_scan(decode_draw *d, const uint8_t *open) {
  const int first_strip = d->first / DECODE_STRIP, strips = (d->count - 1) / DECODE_STRIP + 1;
  const int strips_begin = d->first < d->count ? first_strip : strips;
  float top = -3e38f;
  for (int i = 0; i < d->first; i++) top = fmaxf(top, d->logit[i]);
  for (int s = strips_begin; s < strips; s++) top = fmaxf(top, d->most[s]);
  double all = 0, shut = 0;
  for (int s = strips_begin; s < strips; s++) {
    const float by = expf((d->most[s] - top) * d->sharpness), by_one = expf(d->most[s] - top);
    for (int c = s * DECODE_STRIP_CHUNKS; c < (s + 1) * DECODE_STRIP_CHUNKS && c * DECODE_CHUNK < d->count; c++)
      d->chunk[c] *= by;
    all += (double)(d->one[s] * by_one);
    shut += (double)(d->shut[s] * by_one);
  }
  for (int i = 0; i < d->first; i++) {
    const double weight = (double)expf(d->logit[i] - top);
    all += weight;
    if (open[i]) continue;
    shut += weight;
    d->logit[i] = DECODE_CLOSED;
  }
  d->top = top;
  d->normaliser = (double)top + log(all);
  d->open = (all - shut) / all;
}

double decode_draw_weight(const decode_draw *d, int position) {
  const float x = d->logit[position];
  return is_open(x) ? (double)kernel_exp((x - d->top) * d->sharpness) : 0;
}

/* The position in [from, last) in whose interval the aim falls, `passed` being what stands before `from`; the last open
 * one where rounding leaves the aim behind all. */
static int find(const decode_draw *d, int from, int last, double aim, double passed, double *within, double *weight) {
  int chosen = -1;
  for (int v = from; v < last; v++) {
    const double one = decode_draw_weight(d, v);
    if (one <= 0) continue;
    chosen = v;
    *weight = one;
    *within = (aim - passed) / one;
    passed += one;
    if (passed > aim) break;
  }
  *within = *within < 0 ? 0 : *within > 0.999999 ? 0.999999 : *within;
  return chosen;
}

static double specials(const decode_draw *d) {
  double sum = 0;
  for (int i = 0; i < d->first; i++) sum += decode_draw_weight(d, i);
  return sum;
}

static int first_chunk(const decode_draw *d) { return d->first / DECODE_CHUNK; }
static int last_chunk(const decode_draw *d) { return d->first < d->count ? (d->count - 1) / DECODE_CHUNK : -1; }

double decode_draw_total(const decode_draw *d) {
  double sum = specials(d);
  for (int c = first_chunk(d); c <= last_chunk(d); c++) sum += (double)d->chunk[c];
  return sum;
}

/* The chunk in which the aim falls, the last with any weight where it is behind all; *passed goes on from the sum of
 * specials to the chunk's beginning. -1: no chunk has any weight. */
static int find_chunk(const decode_draw *d, double aim, double *passed) {
  int hit = -1;
  for (int c = first_chunk(d); c <= last_chunk(d); c++) {
    if (d->chunk[c] <= 0) continue;
    if (hit >= 0 && *passed + (double)d->chunk[hit] > aim) break;
    if (hit >= 0) *passed += (double)d->chunk[hit];
    hit = c;
  }
  return hit;
}

int decode_draw_weighted(const decode_draw *d, double share, double *within, double *probability) {
  const double total = decode_draw_total(d), aim = share * total;
  double passed = specials(d), weight = 0;
  const int chunk = aim < passed ? -1 : find_chunk(d, aim, &passed);
  int chosen = -1;
  *within = 0;
  if (chunk < 0) {
    chosen = find(d, 0, d->first, aim, 0, within, &weight);
  } else {
    const int from = chunk * DECODE_CHUNK > d->first ? chunk * DECODE_CHUNK : d->first;
    chosen = find(d, from, to_border(from, d->count), aim, passed, within, &weight);
  }
  *probability = total > 0 ? weight / total : 0;
  return chosen;
}

int decode_draw_likeliest(const decode_draw *d) {
  const float most = largest_of(d->logit, d->count);
  if (!is_open(most)) return -1;
  int at = 0;
  while (d->logit[at] < most) at++;
  return at;
}

void decode_draw_refuse(decode_draw *d, int position) {
  d->open -= exp((double)d->logit[position] - d->normaliser);
  d->logit[position] = DECODE_CLOSED;
  if (position < d->first) return;
  const int chunk = position / DECODE_CHUNK;
  const int from = chunk * DECODE_CHUNK > d->first ? chunk * DECODE_CHUNK : d->first;
  double sum = 0;
  for (int v = from; v < to_border(from, d->count); v++) sum += decode_draw_weight(d, v);
  d->chunk[chunk] = (float)sum;
}

/* 1 if position a stands behind b in the order of decode_draw_best. */
static int is_behind(const decode_draw *d, int32_t a, int32_t b) {
  return d->logit[a] != d->logit[b] ? d->logit[a] < d->logit[b] : a > b;
}

/* Restores the heap of [0, count), its hindmost at the root, below `at`. */
static void sink(const decode_draw *d, int32_t *heap, int count, int at) {
  for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && is_behind(d, heap[child + 1], heap[child])) child++;
    if (!is_behind(d, heap[child], heap[at])) return;
    const int32_t swap = heap[at];
    heap[at] = heap[child];
    heap[child] = swap;
    at = child;
  }
}

int decode_draw_best(const decode_draw *d, int k, int32_t *out) {
  int held = 0, v = 0;
  for (; v < d->count && held < k; v++)
    if (is_open(d->logit[v])) out[held++] = v;
  for (int at = held / 2 - 1; at >= 0; at--) sink(d, out, held, at);
  float bar = held > 0 ? d->logit[out[0]] : 0;
  for (; v < d->count && held > 0; v++) {
    if (d->logit[v] <= bar) continue;
    out[0] = v;
    sink(d, out, held, 0);
    bar = d->logit[out[0]];
  }
  for (int last = held - 1; last > 0; last--) {
    const int32_t swap = out[0];
    out[0] = out[last];
    out[last] = swap;
    sink(d, out, last, 0);
  }
  return held;
}
