#include "text/banned.h"

#include <string.h>

#include "text/codepoint.h"
#include "text/normalise.h"

/* A node is a prefix of some word. Children hang in a list, except for the root, where most steps of a search happen.
 */
typedef struct node {
  int32_t child, sibling; /* 0: none */
  int32_t fallback;       /* the longest proper suffix that is a node too */
  int32_t shorter;        /* the next node along the fallbacks where a word ends; 0: none */
  int32_t length;         /* bytes of the word that ends here; 0: none does */
  int32_t depth;          /* bytes of the prefix */
  unsigned char byte;
} node;

struct banned {
  node *nodes;
  int32_t count;
  int32_t root[256];
};

static int32_t step(const banned *b, int32_t at, unsigned char byte) {
  if (at == 0) return b->root[byte];
  for (int32_t c = b->nodes[at].child; c; c = b->nodes[c].sibling)
    if (b->nodes[c].byte == byte) return c;
  return 0;
}

static void insert(banned *b, const char *word) {
  int32_t at = 0;
  for (const char *w = word; *w; w++) {
    const unsigned char byte = (unsigned char)*w;
    int32_t next = step(b, at, byte);
    if (next == 0) {
      next = b->count++;
      b->nodes[next].byte = byte;
      b->nodes[next].depth = (int32_t)(w - word) + 1;
      if (at == 0) {
        b->root[byte] = next;
      } else {
        b->nodes[next].sibling = b->nodes[at].child;
        b->nodes[at].child = next;
      }
    }
    at = next;
  }
  b->nodes[at].length = (int32_t)strlen(word);
}

/* Where a search goes on from `at` with `byte`, along the fallbacks. */
static int32_t follow(const banned *b, int32_t at, unsigned char byte) {
  for (;;) {
    const int32_t next = step(b, at, byte);
    if (next || at == 0) return next;
    at = b->nodes[at].fallback;
  }
}

/* Breadth first, so that a node's fallback, which is shorter, is known before the node. */
static void link_fallbacks(banned *b, int32_t *queue) {
  int32_t head = 0, tail = 0;
  for (int i = 0; i < 256; i++)
    if (b->root[i]) queue[tail++] = b->root[i];
  while (head < tail) {
    const int32_t at = queue[head++];
    for (int32_t c = b->nodes[at].child; c; c = b->nodes[c].sibling) {
      const int32_t f = follow(b, b->nodes[at].fallback, b->nodes[c].byte);
      b->nodes[c].fallback = f;
      b->nodes[c].shorter = b->nodes[f].length ? f : b->nodes[f].shorter;
      queue[tail++] = c;
    }
  }
}

status banned_create(const char *const *words, int count, arena *a, banned **out) {
  char **match;
  TRY(ARENA(a, count, &match));
  int64_t bytes = 1;
  for (int i = 0; i < count; i++) {
    TRY(normalise_match(words[i], a, &match[i]));
    bytes += (int64_t)strlen(match[i]);
  }
  TRY(ARENA(a, 1, out));
  banned *b = *out;
  TRY(ARENA(a, bytes, &b->nodes));
  b->count = 1;
  for (int i = 0; i < count; i++)
    if (*match[i]) insert(b, match[i]);
  int32_t *queue;
  TRY(ARENA(a, b->count, &queue));
  link_fallbacks(b, queue);
  return STATUS_OK;
}

/* 1 if no word of Latin letters goes on over the border before text[at]. */
static int is_border(const char *text, int64_t length, int64_t at) {
  if (at <= 0 || at >= length) return 1;
  int64_t before = at - 1;
  while (before > 0 && ((unsigned char)text[before] & 0xC0) == 0x80) before--;
  return !codepoint_is_latin_word(codepoint_next(text, length, &before)) ||
         !codepoint_is_latin_word(codepoint_next(text, length, &at));
}

int banned_match(const banned *b, const char *text, int *length) {
  const int64_t bytes = (int64_t)strlen(text);
  int32_t at = 0;
  for (int64_t i = 0; i < bytes; i++) {
    at = follow(b, at, (unsigned char)text[i]);
    for (int32_t n = b->nodes[at].length ? at : b->nodes[at].shorter; n; n = b->nodes[n].shorter) {
      const int64_t from = i + 1 - b->nodes[n].length;
      if (!is_border(text, bytes, from) || !is_border(text, bytes, i + 1)) continue;
      if (length) *length = b->nodes[n].length;
      return (int)from;
    }
  }
  return -1;
}

int banned_find(const banned *b, const char *text) { return banned_match(b, text, NULL); }

int32_t banned_walk(const banned *b, int32_t at, unsigned char byte) { return follow(b, at, byte); }

int banned_ending(const banned *b, int32_t at, uint64_t borders) {
  for (int32_t n = b->nodes[at].length ? at : b->nodes[at].shorter; n; n = b->nodes[n].shorter)
    if (b->nodes[n].length < 64 && (borders >> b->nodes[n].length & 1) != 0) return b->nodes[n].length;
  return 0;
}

int banned_depth(const banned *b, int32_t at) { return b->nodes[at].depth; }
