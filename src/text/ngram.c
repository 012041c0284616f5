#include "text/ngram.h"

#include <math.h>

#include "base/hash.h"

/* A hash table with open addressing from a packed context or n-gram to its counts. */
typedef struct cell {
  uint64_t key; /* + 1; 0: empty */
  int64_t count;
  int64_t kinds; /* of a context: distinct tokens after it */
} cell;

typedef struct table {
  uint64_t mask;
  cell *cells;
} table;

struct ngram {
  int vocabulary;
  table trigrams, pairs;  /* pairs: contexts of trigrams */
  table bigrams, singles; /* bigrams by continuations; singles: contexts of bigrams */
  int64_t *unigram;       /* [vocabulary + 1]: distinct tokens seen before the token */
  int64_t bigram_kinds;   /* sum of unigram */
  int64_t unigram_kinds;  /* tokens with a count */
  double discount[3];     /* by order - 1 */
};

enum { BITS = 21 };

static uint64_t pack(int32_t a, int32_t b, int32_t c) {
  return ((uint64_t)a << (2 * BITS)) | ((uint64_t)b << BITS) | (uint64_t)c;
}

static status table_create(int64_t most, arena *a, table *out) {
  uint64_t capacity = 16;
  while (capacity < 2 * (uint64_t)most) capacity *= 2;
  out->mask = capacity - 1;
  return ARENA(a, (int64_t)capacity, &out->cells);
}

/* The key's cell, or the empty one where it would stand. */
static cell *find(const table *t, uint64_t key) {
  uint64_t at = hash_mix(key) & t->mask;
  while (t->cells[at].key && t->cells[at].key != key + 1) at = (at + 1) & t->mask;
  return &t->cells[at];
}

/* Counts the key once more; 1 if it is new. */
static int add(table *t, uint64_t key) {
  cell *c = find(t, key);
  const int is_new = c->key == 0;
  c->key = key + 1;
  c->count++;
  return is_new;
}

/* A trigram counts once more; if it is new, so does its bigram's continuation; and so on down. */
static void count_trigram(ngram *m, int32_t u, int32_t v, int32_t w) {
  add(&m->pairs, pack(0, u, v));
  if (!add(&m->trigrams, pack(u, v, w))) return;
  find(&m->pairs, pack(0, u, v))->kinds++;
  add(&m->singles, pack(0, 0, v));
  if (!add(&m->bigrams, pack(0, v, w))) return;
  find(&m->singles, pack(0, 0, v))->kinds++;
  m->bigram_kinds++;
  m->unigram_kinds += m->unigram[w]++ == 0;
}

/* n1 / (n1 + 2 n2); where no n-gram stands once that is 0, which would leave nothing for what was never seen. */
static double discount(int64_t once, int64_t twice) {
  return once == 0 ? 0.5 : (double)once / (double)(once + 2 * twice);
}

static double table_discount(const table *t) {
  int64_t n[3] = {0};
  for (uint64_t i = 0; i <= t->mask; i++)
    if (t->cells[i].key && t->cells[i].count <= 2) n[t->cells[i].count]++;
  return discount(n[1], n[2]);
}

static double unigram_discount(const ngram *m) {
  int64_t n[3] = {0};
  for (int i = 0; i <= m->vocabulary; i++)
    if (m->unigram[i] <= 2) n[m->unigram[i]]++;
  return discount(n[1], n[2]);
}

status ngram_train(const int32_t *tokens, const int64_t *offset, int64_t count, int vocabulary, arena *a, ngram **out) {
  TRY(ARENA(a, 1, out));
  ngram *m = *out;
  m->vocabulary = vocabulary;
  const int64_t most = offset[count] - offset[0] + count;
  TRY(table_create(most, a, &m->trigrams));
  TRY(table_create(most, a, &m->pairs));
  TRY(table_create(most, a, &m->bigrams));
  TRY(table_create(most, a, &m->singles));
  TRY(ARENA(a, (int64_t)vocabulary + 1, &m->unigram));
  for (int64_t i = 0; i < count; i++) {
    int32_t u = ngram_begin(m), v = u;
    for (int64_t k = offset[i]; k <= offset[i + 1]; k++) {
      const int32_t w = k < offset[i + 1] ? tokens[k] : ngram_end(m);
      count_trigram(m, u, v, w);
      u = v;
      v = w;
    }
  }
  m->discount[0] = unigram_discount(m);
  m->discount[1] = table_discount(&m->bigrams);
  m->discount[2] = table_discount(&m->trigrams);
  return STATUS_OK;
}

int32_t ngram_end(const ngram *m) { return m->vocabulary; }
int32_t ngram_begin(const ngram *m) { return m->vocabulary + 1; }

/* (max(count - D, 0) + D kinds lower) / total, or `lower` after a context that was never seen. */
static double interpolate(double count, double total, double kinds, double d, double lower) {
  if (total == 0) return lower;
  return (fmax(count - d, 0) + d * kinds * lower) / total;
}

double ngram_probability(const ngram *m, int32_t first, int32_t second, int32_t token) {
  const cell *pair = find(&m->pairs, pack(0, first, second)), *single = find(&m->singles, pack(0, 0, second));
  const double trigram = (double)find(&m->trigrams, pack(first, second, token))->count;
  const double bigram = (double)find(&m->bigrams, pack(0, second, token))->count;
  const double p0 = 1.0 / (m->vocabulary + 1);
  const double p1 =
      interpolate((double)m->unigram[token], (double)m->bigram_kinds, (double)m->unigram_kinds, m->discount[0], p0);
  const double p2 = interpolate(bigram, (double)single->count, (double)single->kinds, m->discount[1], p1);
  return interpolate(trigram, (double)pair->count, (double)pair->kinds, m->discount[2], p2);
}

status ngram_perplexity(const int32_t *train, const int64_t *train_offset, int64_t train_count, const int32_t *test,
                        const int64_t *test_offset, int64_t test_count, int vocabulary, arena *a, double *perplexity) {
  const arena_mark here = arena_here(a);
  ngram *m;
  double sum = 0;
  int64_t tokens = 0;
  TRY(ngram_train(train, train_offset, train_count, vocabulary, a, &m));
  for (int64_t i = 0; i < test_count; i++) {
    int32_t u = ngram_begin(m), v = u;
    for (int64_t k = test_offset[i]; k <= test_offset[i + 1]; k++, tokens++) {
      const int32_t w = k < test_offset[i + 1] ? test[k] : ngram_end(m);
      sum -= log(ngram_probability(m, u, v, w));
      u = v;
      v = w;
    }
  }
  arena_release(a, here);
  *perplexity = tokens ? exp(sum / (double)tokens) : 0;
  return STATUS_OK;
}
