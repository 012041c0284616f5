/* A trigram model with interpolated Kneser-Ney smoothing (Chen and Goodman 1998, section 4.1.6), the bar that a
 * language model must clear. One discount an order, n1 / (n1 + 2 n2); unigrams are interpolated with the uniform
 * distribution. */
#ifndef TEXT_NGRAM_H
#define TEXT_NGRAM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct ngram ngram;

/* Learns from `count` sequences of token ids in [0, vocabulary): sequence i is tokens[offset[i], offset[i + 1]), read
 * between <s> <s> and </s>. vocabulary < 2^20. The model is the arena's. */
status ngram_train(const int32_t *tokens, const int64_t *offset, int64_t count, int vocabulary, arena *a, ngram **out);

int32_t ngram_end(const ngram *m);   /* the id of </s>: vocabulary */
int32_t ngram_begin(const ngram *m); /* the id of <s>: vocabulary + 1; only ever before other tokens */

/* Probability of `token` (or </s>) after `first` `second`, greater than 0. Over all tokens and </s> it sums to 1. */
double ngram_probability(const ngram *m, int32_t first, int32_t second, int32_t token);

/* Trains on some sequences and scores others.
 *   train_offset [train_count + 1], test_offset [test_count + 1]
 * perplexity: exp of the mean negative log probability over test tokens, </s> included; 0 for no test sequences. */
status ngram_perplexity(const int32_t *train, const int64_t *train_offset, int64_t train_count, const int32_t *test,
                        const int64_t *test_offset, int64_t test_count, int vocabulary, arena *a, double *perplexity);

#endif
