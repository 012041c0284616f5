/* Bringing text from outside into one shape (ICU). All of these fail with STATUS_DATA on what is not UTF-8. */
#ifndef TEXT_NORMALISE_H
#define TEXT_NORMALISE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* How a title is tidied beyond what is always done. */
enum {
  NORMALISE_CAPITALISE = 1,    /* "WHITE HANGING HEART" to "White Hanging Heart"; only where there is no lower case */
  NORMALISE_ARTICLE_FIRST = 2, /* "Godfather, The (1972)" to "The Godfather (1972)" */
};

/* A title or name for messages: NFC; control, private, unassigned characters, bidi marks and zero-width characters
 * dropped; '<' and '>' (which would read as slots) dropped; white space folded and trimmed; cut to at most
 * `columns` display columns at a word or character border. May come out empty. */
status normalise_title(const char *text, int flags, int columns, arena *a, char **out);

/* A line of copy: as a title, but slots and emoji sequences are kept, and nothing is cut. */
status normalise_copy(const char *text, arena *a, char **out);

/* A form for comparing, in which tricks to hide a word come to nothing: NFKC, case folded, zero-width characters and
 * accents dropped, hyphens between letters as spaces, white space folded; marks and spaces between Han characters and
 * between single letters ("f r e e", "免.费") dropped. Traditional characters are left. */
status normalise_match(const char *text, arena *a, char **out);

/* What normalise_match does with single characters, for texts that come piece by piece: spaces, marks and hyphens stay
 * where they are. */
status normalise_fold(const char *text, arena *a, char **out);

/* 1 for a mark or space that normalise_match drops between Han characters. */
int normalise_is_separator(int32_t c);

/* 1 if text[0, length) is valid UTF-8 without NUL. */
int normalise_is_utf8(const char *text, int64_t length);

#endif
