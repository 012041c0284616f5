#include "stages/evaluate_spoken.h"

#include <string.h>

#include "stages/evaluate_line.h"
#include "text/attributes.h"
#include "text/bleu.h"
#include "text/diversity.h"
#include "text/nist.h"
#include "text/rnnlg.h"
#include "text/rouge.h"
#include "text/split.h"

status evaluate_spoken_items(const evaluate_pairs *p, arena *a, evaluate_spoken *out) {
  const evaluate_pair *pair = p->pair[CORPUS_TEST];
  const int64_t rows = p->count[CORPUS_TEST];
  lexicon keys;
  int32_t *key = NULL, known = 0;
  int64_t total = 0;
  *out = (evaluate_spoken){.pairs = p};
  TRY(lexicon_create(a, &keys));
  TRY(ARENA(a, rows, &key));
  TRY(ARENA(a, rows, &out->item));
  for (int64_t i = 0; i < rows; i++) {
    TRY(lexicon_add(&keys, pair[i].key, strlen(pair[i].key), &key[i]));
    if (p->format == CORPUS_RNNLG || key[i] == known) out->item[out->count++] = &pair[i];
    if (key[i] == known) known++;
  }
  for (int i = 0; i < out->count; i++)
    for (int64_t k = 0; k < rows; k++) total += key[k] == key[out->item[i]->id];
  TRY(ARENA(a, out->count + 1, &out->first));
  TRY(ARENA(a, total, &out->reference));
  TRY(ARENA(a, (int64_t)out->count * SPOKEN_BEST, &out->text));
  for (int i = 0, used = 0; i < out->count; i++) {
    for (int64_t k = 0; k < rows; k++)
      if (key[k] == key[out->item[i]->id]) out->reference[used++] = &pair[k];
    out->first[i + 1] = used;
  }
  return STATUS_OK;
}

status evaluate_spoken_fill(const evaluate_pairs *p, const meaning *m, const char *hidden, arena *a, char **out) {
  TRY(meaning_fill(m, hidden, p->domain, p->format == CORPUS_E2E, a, out));
  if (p->format == CORPUS_ADVERTISEGEN) attributes_join(*out);
  return STATUS_OK;
}

void evaluate_spoken_errors(const evaluate_pairs *p, const meaning *m, const char *hidden, int *slots, int *wrong) {
  if (p->format == CORPUS_E2E) {
    const e2e_error e = e2e_errors(p->patterns, m, hidden);
    *slots = e.slots;
    *wrong = e.missing + e.added + e.wrong;
  } else if (p->format == CORPUS_ADVERTISEGEN) {
    *slots = m->count;
    *wrong = attributes_missing(m, hidden);
  } else {
    const rnnlg_error e = rnnlg_errors(m, hidden);
    *slots = e.slots;
    *wrong = e.wrong;
  }
}

/* Everything as numbered words: texts [count × SPOKEN_BEST], and references. */
typedef struct numbered {
  lexicon words;
  word_ids *text, *reference;
} numbered;

/* With values filled in, and as the protocol splits it. */
static status number(const evaluate_spoken *t, const meaning *m, const char *hidden, lexicon *words, arena *a,
                     word_ids *out) {
  char *line = NULL;
  TRY(evaluate_spoken_fill(t->pairs, m, hidden, a, &line));
  if (t->pairs->format == CORPUS_ADVERTISEGEN) {
    TRY(split_characters(line, a, &line));
  } else if (t->pairs->format == CORPUS_E2E) {
    TRY(split_13a(line, a, &line));
    split_lower(line);
  }
  return lexicon_ids(words, line, a, out);
}

static status number_all(const evaluate_spoken *t, arena *a, numbered *out) {
  TRY(lexicon_create(a, &out->words));
  TRY(ARENA(a, (int64_t)t->count * SPOKEN_BEST, &out->text));
  TRY(ARENA(a, t->first[t->count], &out->reference));
  for (int i = 0; i < t->count; i++) {
    const meaning *m = t->item[i]->meaning;
    for (int k = 0; k < SPOKEN_BEST; k++) {
      const int at = i * SPOKEN_BEST + k;
      TRY(number(t, m, t->text[at], &out->words, a, &out->text[at]));
    }
    for (int r = t->first[i]; r < t->first[i + 1]; r++) {
      TRY(number(t, m, t->reference[r]->hidden, &out->words, a, &out->reference[r]));
    }
  }
  return STATUS_OK;
}

/* Of the best text of each item, or of up to `best`. */
static double bleu_of(const evaluate_spoken *t, const numbered *n, int best) {
  const bleu_protocol protocol = t->pairs->format == CORPUS_RNNLG ? BLEU_RNNLG : BLEU_MTEVAL;
  bleu b = {0};
  for (int i = 0; i < t->count; i++)
    for (int k = 0; k < best; k++)
      if (k == 0 || t->text[i * SPOKEN_BEST + k][0] != '\0')
        bleu_add(&b, protocol, &n->text[i * SPOKEN_BEST + k], n->reference + t->first[i],
                 t->first[i + 1] - t->first[i]);
  return bleu_score(&b, protocol);
}

/* Percent of slots, of texts or references; RNNLG hides values again in what was filled, as its scorer does. */
static status add_errors(const evaluate_spoken *t, const char *name, int of_references, arena *a, json_writer *w) {
  int64_t slots = 0, wrong = 0;
  for (int i = 0; i < t->count; i++) {
    const meaning *m = t->item[i]->meaning;
    const int first = of_references ? t->first[i] : i, last = of_references ? t->first[i + 1] : i + 1;
    for (int r = first; r < last; r++) {
      char *hidden = of_references ? t->reference[r]->hidden : t->text[i * SPOKEN_BEST];
      int want = 0, off = 0;
      TRY(evaluate_spoken_fill(t->pairs, m, hidden, a, &hidden));
      TRY(meaning_hide(m, hidden, t->pairs->format == CORPUS_E2E, a, &hidden));
      evaluate_spoken_errors(t->pairs, m, hidden, &want, &off);
      slots += want;
      wrong += off;
    }
  }
  evaluate_line_real(w, name, slots > 0 ? 100.0 * (double)wrong / (double)slots : 0);
  return STATUS_OK;
}

static status add_overlap(const evaluate_spoken *t, const numbered *n, const word_ids *best, arena *a, json_writer *w) {
  double nist = 0, rouge = 0;
  TRY(nist_score(&(nist_corpus){t->count, best, n->reference, t->first}, &nist));
  for (int i = 0; i < t->count; i++) {
    double one = 0;
    TRY(rouge_coco(&best[i], n->reference + t->first[i], t->first[i + 1] - t->first[i], a, &one));
    rouge += one / t->count;
  }
  evaluate_line_real(w, "nist", nist);
  evaluate_line_real(w, "rouge_l", rouge);
  return STATUS_OK;
}

static status add_diversity(const word_ids *best, int count, json_writer *w) {
  static const char *const names[] = {"distinct_1", "distinct_2", "distinct_3"};
  double value = 0;
  TRY(diversity_self_bleu(best, count, 4, &value));
  evaluate_line_real(w, "self_bleu", value);
  for (int n = 1; n <= 3; n++) {
    TRY(diversity_distinct(best, count, n, &value));
    evaluate_line_real(w, names[n - 1], value);
  }
  return STATUS_OK;
}

status evaluate_spoken_score(const evaluate_spoken *t, arena *a, json_writer *w) {
  numbered n;
  word_ids *best = NULL;
  TRY(number_all(t, a, &n));
  TRY(ARENA(a, t->count, &best));
  for (int i = 0; i < t->count; i++) best[i] = n.text[i * SPOKEN_BEST];
  evaluate_line_real(w, "bleu", bleu_of(t, &n, 1));
  if (t->pairs->format == CORPUS_RNNLG) evaluate_line_real(w, "bleu_top5", bleu_of(t, &n, SPOKEN_BEST));
  TRY(add_errors(t, "slot_error", 0, a, w));
  TRY(add_errors(t, "slot_error_references", 1, a, w));
  TRY(add_overlap(t, &n, best, a, w));
  return add_diversity(best, t->count, w);
}
