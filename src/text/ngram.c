#include "text/ngram.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"
#include "text/grams.h"

/* What is known of some tokens in a row: as an n-gram, and as what stands before others. */
typedef struct cell {
  uint64_t key;         /* 0: free */
  int32_t count;        /* of the highest order: occurrences; of others: distinct tokens before */
  int32_t total, kinds; /* sum of the counts of what follows, and how many that are */
} cell;

/* Open addressing, at most three quarters full; grows from one arena into the other. */
typedef struct table {
  arena memory[2];
  int current;
  uint64_t used, size;
  cell *cells;
} table;

struct ngram {
  arena memory;
  int order, vocabulary;
  table table[NGRAM_ORDER_MOST + 1]; /* by length; that of 0 has one cell */
  double discount[NGRAM_ORDER_MOST + 1];
};

static cell *place(const table *t, uint64_t key) {
  uint64_t at = key & (t->size - 1);
  while (t->cells[at].key != 0 && t->cells[at].key != key) at = (at + 1) & (t->size - 1);
  return &t->cells[at];
}

static status grow(table *t) {
  const table old = *t;
  arena *next = &t->memory[1 - t->current];
  t->size = old.size == 0 ? 64 : 2 * old.size;
  TRY(ARENA(next, (int64_t)t->size, &t->cells));
  for (uint64_t i = 0; i < old.size; i++)
    if (old.cells[i].key != 0) *place(t, old.cells[i].key) = old.cells[i];
  arena_free(&t->memory[t->current]);
  t->current = 1 - t->current;
  return STATUS_OK;
}

/* The cell of the key, which is made if it is not there; valid until the next call. */
static status take(table *t, uint64_t key, cell **out) {
  if (4 * (t->used + 1) > 3 * t->size) TRY(grow(t));
  *out = place(t, key);
  t->used += (*out)->key == 0;
  (*out)->key = key;
  return STATUS_OK;
}

/* An n-gram counts once more; if it is new, so does the continuation of what is left without its first token. */
static status count_window(ngram *m, const int32_t *window) {
  for (int n = m->order; n >= 1; n--, window++) {
    cell *whole = NULL, *before = NULL;
    TRY(take(&m->table[n], grams_key(window, n), &whole));
    const int is_new = whole->count++ == 0;
    TRY(take(&m->table[n - 1], grams_key(window, n - 1), &before));
    before->total++;
    before->kinds += is_new;
    if (!is_new) break;
  }
  return STATUS_OK;
}

/* Moves on by a token. */
static void shift(int32_t *window, int order, int32_t token) {
  memmove(window, window + 1, (size_t)(order - 1) * sizeof *window);
  window[order - 1] = token;
}

static void begin(const ngram *m, int32_t *window) {
  for (int i = 0; i < m->order; i++) window[i] = ngram_begin(m);
}

static status count_texts(ngram *m, const ngram_texts *texts) {
  for (int64_t i = 0; i < texts->count; i++) {
    int32_t window[NGRAM_ORDER_MOST];
    begin(m, window);
    for (int64_t k = texts->offset[i]; k <= texts->offset[i + 1]; k++) {
      shift(window, m->order, k < texts->offset[i + 1] ? texts->tokens[k] : ngram_end(m));
      TRY(count_window(m, window));
    }
    watchdog_pulse();
  }
  return STATUS_OK;
}

/* n1 / (n1 + 2 n2); where no n-gram stands once that is 0, which would leave nothing for what was never seen. */
static double discount(const table *t) {
  double once = 0, twice = 0;
  for (uint64_t i = 0; i < t->size; i++) {
    once += t->cells[i].count == 1;
    twice += t->cells[i].count == 2;
  }
  return once == 0 ? 0.5 : once / (once + 2 * twice);
}

status ngram_train(const ngram_texts *texts, int order, int vocabulary, ngram **out) {
  arena memory = {0};
  *out = NULL;
  TRY(ARENA(&memory, 1, out));
  ngram *m = *out;
  m->memory = memory;
  m->order = order;
  m->vocabulary = vocabulary;
  for (int n = 0; n <= order; n++) TRY(grow(&m->table[n]));
  TRY(count_texts(m, texts));
  for (int n = 1; n <= order; n++) m->discount[n] = discount(&m->table[n]);
  return STATUS_OK;
}

void ngram_free(ngram *m) {
  if (m == NULL) return;
  for (int n = 0; n <= m->order; n++)
    for (int i = 0; i < 2; i++) arena_free(&m->table[n].memory[i]);
  arena memory = m->memory; /* the model stands in it */
  arena_free(&memory);
}

int32_t ngram_end(const ngram *m) { return m->vocabulary; }
int32_t ngram_begin(const ngram *m) { return m->vocabulary + 1; }

/* From the uniform distribution up: (max(count - D, 0) + D kinds lower) / total, or `lower` after what was never seen.
 */
double ngram_probability(const ngram *m, const int32_t *window) {
  double p = 1.0 / (m->vocabulary + 1);
  for (int n = 1; n <= m->order; n++) {
    const int32_t *from = window + m->order - n;
    const cell *before = place(&m->table[n - 1], grams_key(from, n - 1));
    if (before->total == 0) continue;
    const double count = place(&m->table[n], grams_key(from, n))->count, d = m->discount[n];
    p = (fmax(count - d, 0) + d * before->kinds * p) / before->total;
  }
  return p;
}

double ngram_loss(const ngram *m, const ngram_texts *texts) {
  double sum = 0;
  for (int64_t i = 0; i < texts->count; i++) {
    int32_t window[NGRAM_ORDER_MOST];
    begin(m, window);
    for (int64_t k = texts->offset[i]; k <= texts->offset[i + 1]; k++) {
      shift(window, m->order, k < texts->offset[i + 1] ? texts->tokens[k] : ngram_end(m));
      sum -= log(ngram_probability(m, window));
    }
    watchdog_pulse();
  }
  return sum;
}

status ngram_perplexity(const ngram_texts *train, const ngram_texts *test, int order, int vocabulary,
                        double *perplexity) {
  ngram *m = NULL;
  const status result = ngram_train(train, order, vocabulary, &m);
  const int64_t tokens = test->count > 0 ? test->offset[test->count] - test->offset[0] + test->count : 0;
  if (result == STATUS_OK) *perplexity = tokens > 0 ? exp(ngram_loss(m, test) / (double)tokens) : 0;
  ngram_free(m);
  return result;
}
