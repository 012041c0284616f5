/* An n-gram model with interpolated Kneser-Ney smoothing (Chen and Goodman 1998, section 4.1.6), the bar that a
 * language model must clear. One discount an order, n1 / (n1 + 2 n2); unigrams are interpolated with the uniform
 * distribution. N-grams are known by a 64-bit hash, as in text/grams.h. */
#ifndef TEXT_NGRAM_H
#define TEXT_NGRAM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

enum { NGRAM_ORDER_MOST = 6 };

typedef struct ngram ngram;

/* Texts as token ids in [0, vocabulary): text i is tokens[offset[i], offset[i + 1]), read between <s> and </s>. */
typedef struct ngram_texts {
  const int32_t *tokens;
  const int64_t *offset; /* [count + 1] */
  int64_t count;
} ngram_texts;

/* Learns n-grams up to `order`, at most NGRAM_ORDER_MOST. The model is to be given to ngram_free, also after failure.
 */
status ngram_train(const ngram_texts *texts, int order, int vocabulary, ngram **out);
void ngram_free(ngram *m); /* NULL allowed */

int32_t ngram_end(const ngram *m);   /* the id of </s>: vocabulary */
int32_t ngram_begin(const ngram *m); /* the id of <s>: vocabulary + 1; only ever before other tokens */

/* Probability of the last of window[order] (a token or </s>) after those before it, greater than 0. Over all tokens and
 * </s> it sums to 1. */
double ngram_probability(const ngram *m, const int32_t *window);

/* -log p in nats of all tokens of the texts, </s> of each included. */
double ngram_loss(const ngram *m, const ngram_texts *texts);

/* Trains on some texts and scores others: exp of the mean -log p over test tokens, </s> included; 0 for no test texts.
 */
status ngram_perplexity(const ngram_texts *train, const ngram_texts *test, int order, int vocabulary,
                        double *perplexity);

#endif
