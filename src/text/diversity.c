#include "text/diversity.h"

#include <math.h>
#include <stdlib.h>

#include "text/grams.h"

status diversity_distinct(const word_ids *text, int count, int n, double *out) {
  grams table = {0};
  status result = STATUS_OK;
  int64_t total = 0;
  for (int i = 0; i < count && result == STATUS_OK; i++) {
    if (text[i].count >= n) total += text[i].count - n + 1;
    result = grams_add_text(&table, &text[i], n, i);
  }
  *out = total > 0 ? (double)table.used / (double)total : 0;
  grams_free(&table);
  return result;
}

typedef struct sample {
  const word_ids *text;
  int count, size; /* of `count` texts, `size` are looked at */
} sample;

static const word_ids *member(const sample *s, int i) { return &s->text[(int64_t)i * s->count / s->size]; }

/* The length among the others that is nearest to its own; of two as near, the shorter. */
static int nearest(const sample *s, int own) {
  const int length = member(s, own)->count;
  int best = -1;
  for (int i = 0; i < s->size; i++) {
    const int other = member(s, i)->count, off = abs(other - length), least = abs(best - length);
    if (i != own && (best < 0 || off < least || (off == least && other < best))) best = other;
  }
  return best;
}

/* Clipped matches with all others: as often as that one of them has it that has it most. */
static double precision(const grams *table, const word_ids *text, int n, int own) {
  int64_t match = 0, total = text->count - n + 1;
  for (int i = 0; i + n <= text->count; i++) {
    const int mine = grams_own(text, i, n);
    if (mine == 0) continue;
    const gram *cell = grams_find(table, grams_key(text->id + i, n));
    const int most = cell->owner == own ? cell->most[1] : cell->most[0];
    match += most < mine ? most : mine;
  }
  if (total < 1) total = 1;
  if (match == 0 && n == 1) return 0;
  return (match > 0 ? (double)match : 0.1) / (double)total;
}

static double sentence(const sample *s, const grams *table, int orders, int own) {
  const word_ids *text = member(s, own);
  if (text->count == 0) return 0;
  double sum = 0;
  for (int n = 1; n <= orders; n++) {
    const double one = precision(table, text, n, own);
    if (one == 0) return 0;
    sum += log(one) / orders;
  }
  const double ratio = (double)nearest(s, own) / text->count;
  return exp(sum + (ratio > 1 ? 1 - ratio : 0));
}

status diversity_self_bleu(const word_ids *text, int count, int orders, double *out) {
  const sample s = {text, count, count < DIVERSITY_SAMPLE ? count : DIVERSITY_SAMPLE};
  grams table = {0};
  status result = STATUS_OK;
  *out = 0;
  for (int i = 0; i < s.size && s.size > 1; i++)
    for (int n = 1; n <= orders && result == STATUS_OK; n++) result = grams_add_text(&table, member(&s, i), n, i);
  for (int i = 0; i < s.size && s.size > 1 && result == STATUS_OK; i++)
    *out += sentence(&s, &table, orders, i) / s.size;
  grams_free(&table);
  return result;
}
