/* Texts with what they say, ready for a model: open values hidden, words and features numbered. */
#ifndef STAGES_EVALUATE_PAIRS_H
#define STAGES_EVALUATE_PAIRS_H

#include "math/generator.h"
#include "stages/evaluate_corpus.h"
#include "text/e2e.h"
#include "text/meaning.h"

enum { PAIRS_END, PAIRS_BEGIN, PAIRS_UNKNOWN }; /* the first words of the vocabulary: </s>, <s>, <unk> */

typedef struct evaluate_pair {
  uint64_t id;       /* place in its part */
  meaning *meaning;  /* NULL in the train part */
  char *hidden;      /* the text, normalised, its open values hidden */
  word_ids words;    /* of it */
  word_ids features; /* of the meaning */
  char *key;         /* names the meaning up to its open values (E2E: as a whole) */
} evaluate_pair;

typedef struct evaluate_pairs {
  corpus_format format;
  const char *domain; /* of SLOT_TYPE */
  lexicon words, features;
  e2e *patterns;  /* of E2E, else NULL */
  lexicon values; /* of attributes in the train part, of AdvertiseGen */
  int64_t count[CORPUS_PARTS];
  evaluate_pair *pair[CORPUS_PARTS];
} evaluate_pairs;

/* Local. Words and features are those of the train part; words that stand there fewer than text.least times are
 * <unk>. Fails: STATUS_DATA where a meaning cannot be read. */
status evaluate_pairs_read(const stage *s, const evaluate_corpus *c, evaluate_pairs *out);
void evaluate_pairs_close(evaluate_pairs *p);

/* Where a feature stands: in the condition, or, with text.facts, what a slot asks for among the facts. Both are as wide
 * as there are features; facts may be NULL. */
void evaluate_pairs_condition(const evaluate_pairs *p, const word_ids *features, float *condition, float *facts);

/* Local. Pairs as a lane; memory from the arena. */
status evaluate_pairs_batch(const evaluate_pairs *p, const generator_shape *shape, const evaluate_pair *const *pairs,
                            int count, arena *a, generator_batch *out);

#endif
