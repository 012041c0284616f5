/* SentencePiece behind a C face. No exception crosses it: what goes wrong is a sentence in `fault`. */
#ifndef TEXT_PIECES_H
#define TEXT_PIECES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pieces pieces;

enum { PIECES_FAULT_SIZE = 512 };

typedef enum pieces_kind { PIECES_TEXT, PIECES_CONTROL, PIECES_BYTE } pieces_kind;

/* Trains on lines[count] and hands over the serialised model: *model is the caller's, to be given to free.
 *   symbols   comma-separated pieces that are never split
 * Returns 0, or -1 with `fault` filled. */
int pieces_train(const char *const *lines, int64_t count, int vocabulary, const char *symbols, char **model,
                 int64_t *model_bytes, char fault[PIECES_FAULT_SIZE]);

/* NULL with `fault` filled if the bytes are no model. */
pieces *pieces_open(const char *model, int64_t model_bytes, char fault[PIECES_FAULT_SIZE]);
void pieces_close(pieces *p);

int pieces_size(const pieces *p);

/* The piece as SentencePiece writes it: "▁" for a space, "<0xE4>" for a byte. Owner: p. */
const char *pieces_text(const pieces *p, int id);
pieces_kind pieces_kind_of(const pieces *p, int id);

/* Id of a piece, or that of the unknown piece. */
int pieces_find(const pieces *p, const char *piece);

/* Writes at most `room` ids; returns their number, or -1 if there are more or SentencePiece fails. */
int pieces_encode(const pieces *p, const char *text, int64_t bytes, int32_t *ids, int room);

#ifdef __cplusplus
}
#endif

#endif
