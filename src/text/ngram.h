/* A trigram model with interpolated Kneser-Ney smoothing (Chen and Goodman 1998), the bar that a language model must
 * clear. */
#ifndef TEXT_NGRAM_H
#define TEXT_NGRAM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* Trains on sequences of token ids in [0, vocabulary) and scores others; each sequence is read between <s> and </s>.
 *   train_offset [train_count + 1], test_offset [test_count + 1]
 * perplexity: exp of the mean negative log probability over test tokens, </s> included. */
status ngram_perplexity(const int32_t *train, const int64_t *train_offset, int64_t train_count, const int32_t *test,
                        const int64_t *test_offset, int64_t test_count, int vocabulary, arena *a, double *perplexity);

#endif
