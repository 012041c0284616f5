/* The tokeniser: SentencePiece (unigram, byte fallback) with slots and control tokens that are never split.
 * Trained once, by one rank, from sorted distinct lines with one thread: the same lines give the same bytes.
 * Text goes in as it is (no NFKC, which would turn the marks of Chinese into ASCII): normalise it before. What was
 * encoded decodes to the same bytes, spaces included, as long as it holds no "▁" (U+2581). */
#ifndef TEXT_TOKENISER_H
#define TEXT_TOKENISER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "data/copy.h"

typedef struct tokeniser tokeniser;

/* Trains on lines[count] (with slots in them) and returns the serialised model.
 *   vocabulary  upper bound of the number of pieces (256 of them are bytes); fewer where the text is too small for them
 * Fails: STATUS_DATA when the text is too small to train on, STATUS_BUG. */
status tokeniser_train(const char *const *lines, int64_t count, int vocabulary, arena *a, char **model,
                       int64_t *model_bytes);

/* Opens a serialised model. Fails: STATUS_DATA. */
status tokeniser_open(const char *model, int64_t model_bytes, tokeniser **out);
void tokeniser_close(tokeniser *t); /* NULL allowed */

int tokeniser_size(const tokeniser *t);  /* V: ids are in [0, V) */
int tokeniser_begin(const tokeniser *t); /* <s> */
int tokeniser_end(const tokeniser *t);   /* </s> */
int tokeniser_slot(const tokeniser *t, slot s);

/* The slot that a token is, or -1. */
int tokeniser_slot_of(const tokeniser *t, int token);

/* What the token looks like in a text: "▁" already turned into a space; "" for control tokens (<s>, </s>, unknown);
 * "<title>" for slots. A byte piece gives its one byte (the byte 0: ""). Owner: the tokeniser. */
const char *tokeniser_piece(const tokeniser *t, int token);

/* 1 for a byte-fallback piece: a fragment of a character. */
int tokeniser_is_byte(const tokeniser *t, int token);

/* Ids of a text with slots, without <s> and </s>. */
status tokeniser_encode(const tokeniser *t, const char *text, arena *a, int32_t **tokens, int *count);

/* The text of tokens[count], slots as <title> …; control tokens are left out, and so are bytes that form no character.
 */
status tokeniser_decode(const tokeniser *t, const int32_t *tokens, int count, arena *a, char **text);

#endif
