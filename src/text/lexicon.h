/* Words and their numbers, in the order in which they were first seen. */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct lexicon {
  arena *arena;
  int32_t count, room;
  char **word;   /* [count], each ended by a NUL */
  int32_t *slot; /* [2 × room] word + 1; 0: free */
} lexicon;

/* Empty. What it holds is the arena's. */
status lexicon_create(arena *a, lexicon *out);

/* The number of the word, which is new if it was not there. */
status lexicon_add(lexicon *l, const char *word, size_t length, int32_t *id);

/* Its number, or -1. */
int32_t lexicon_find(const lexicon *l, const char *word, size_t length);

/* A text as the numbers of its words, which are separated by spaces. */
typedef struct word_ids {
  int count;
  int32_t *id;
} word_ids;

/* Adds the words of the text that are new. */
status lexicon_ids(lexicon *l, const char *text, arena *a, word_ids *out);

#endif
