/* Finding any of many words in a text in one pass: Aho and Corasick, "Efficient string matching", CACM 1975. */
#ifndef TEXT_BANNED_H
#define TEXT_BANNED_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct banned banned;

/* Words are compared in the form of normalise_match. A word that begins or ends with a Latin letter or digit only
 * matches where no other one goes on there: "ass" is not in "glass". Words that come out empty are left out. Fails:
 * STATUS_DATA for a word that is not UTF-8. */
status banned_create(const char *const *words, int count, arena *a, banned **out);

/* Place of the word that ends first in `text` (already in the form of normalise_match), or -1; *length (NULL allowed)
 * gets its bytes. */
int banned_match(const banned *b, const char *text, int *length);
int banned_find(const banned *b, const char *text);

/* The same search in a text that comes piece by piece. `at` is where it stands, 0 at the beginning. */
int32_t banned_walk(const banned *b, int32_t at, unsigned char byte);

/* Bytes of the longest word that ends with the last byte read, if a word may end there; 0: none does.
 *   borders  bit k: a word may begin k bytes back (1: with the last byte read); longer words than 63 bytes are not seen
 */
int banned_ending(const banned *b, int32_t at, uint64_t borders);

/* How many of the last bytes read may yet become a word. */
int banned_depth(const banned *b, int32_t at);

#endif
