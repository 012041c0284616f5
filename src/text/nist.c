#include "text/nist.h"

#include <math.h>

#include "text/grams.h"

enum { ORDERS = 5 };

typedef struct information {
  grams table;
  int64_t words; /* of all references */
} information;

static status learn(const nist_corpus *c, information *out) {
  for (int r = c->first[0]; r < c->first[c->count]; r++) {
    out->words += c->reference[r].count;
    for (int n = 1; n <= ORDERS; n++) TRY(grams_add_text(&out->table, &c->reference[r], n, 0));
  }
  return STATUS_OK;
}

/* log2 (count of all words but the last / count of all), of an n-gram that some reference has. */
static double weight(const information *f, const int32_t *at, int n) {
  const double all = grams_find(&f->table, grams_key(at, n))->count;
  const double less = n == 1 ? (double)f->words : grams_find(&f->table, grams_key(at, n - 1))->count;
  return log2(less / all);
}

static double matched(const information *f, const word_ids *text, const word_ids *reference, int references, int n) {
  double sum = 0;
  for (int i = 0; i + n <= text->count; i++) {
    const int count = grams_clipped(text, i, n, reference, references);
    if (count > 0) sum += count * weight(f, text->id + i, n);
  }
  return sum;
}

static double penalty(double ratio) {
  if (ratio >= 1) return 1;
  if (ratio <= 0) return 0;
  const double beta = log(0.5) / (log(1.5) * log(1.5));
  return exp(beta * log(ratio) * log(ratio));
}

static double score(const nist_corpus *c, const information *f) {
  double sum = 0, length = 0, wanted = 0;
  for (int n = 1; n <= ORDERS; n++) {
    double hits = 0, total = 0;
    for (int i = 0; i < c->count; i++) {
      hits += matched(f, &c->text[i], c->reference + c->first[i], c->first[i + 1] - c->first[i], n);
      if (c->text[i].count >= n) total += c->text[i].count - n + 1;
    }
    if (total > 0) sum += hits / total;
  }
  for (int i = 0; i < c->count; i++) {
    double words = 0;
    for (int r = c->first[i]; r < c->first[i + 1]; r++) words += c->reference[r].count;
    wanted += words / (c->first[i + 1] - c->first[i]);
    length += c->text[i].count;
  }
  return wanted > 0 ? sum * penalty(length / wanted) : 0;
}

status nist_score(const nist_corpus *c, double *out) {
  information f = {0};
  const status result = learn(c, &f);
  if (result == STATUS_OK) *out = score(c, &f);
  grams_free(&f.table);
  return result;
}
