#include "text/watch.h"

#include <string.h>

#include "text/banned.h"
#include "text/codepoint.h"
#include "text/normalise.h"

enum { KIND_OTHER, KIND_LATIN, KIND_HAN, KIND_SPACE };

static int kind_of(int32_t c) {
  if (c == ' ') return KIND_SPACE;
  if (codepoint_is_latin_word(c)) return KIND_LATIN;
  return codepoint_is_han(c) ? KIND_HAN : KIND_OTHER;
}

/* A claim stands only as long as a harmless phrase that reaches over it is at work. */
static int is_excusable(const watch_words *w, const watch *at) {
  return at->owed == 0 || banned_depth(w->harmless, at->harmless) > at->owed - 1;
}

/* Judges the words that end with the last character, behind which there is a border. */
static int judge(const watch_words *w, watch *at) {
  if (banned_ending(w->banned, at->banned, at->borders) > 0) return 0;
  const int harmless = banned_ending(w->harmless, at->harmless, at->borders);
  if (at->owed > 0 && harmless > at->owed - 1) at->owed = 0;
  if (at->owed == 0 && harmless == 0 && banned_ending(w->claims, at->claims, at->borders) > 0) at->owed = 1;
  return is_excusable(w, at);
}

static int put(const watch_words *w, int32_t c, int kind, watch *at) {
  const int is_border = at->kind != KIND_LATIN || kind != KIND_LATIN;
  char bytes[CODEPOINT_MOST_BYTES];
  const int count = codepoint_put(c, bytes);
  if (is_border && !judge(w, at)) return 0;
  for (int i = 0; i < count; i++) {
    const unsigned char byte = (unsigned char)bytes[i];
    at->borders = (at->borders | (uint64_t)(i == 0 && is_border)) << 1;
    at->banned = banned_walk(w->banned, at->banned, byte);
    at->claims = banned_walk(w->claims, at->claims, byte);
    at->harmless = banned_walk(w->harmless, at->harmless, byte);
    at->owed = (int16_t)(at->owed + (at->owed > 0 && at->owed < INT16_MAX));
  }
  at->kind = (uint8_t)kind;
  return is_excusable(w, at);
}

/* One character; spaces are folded, and what stands between two Han characters is dropped. */
static int read_one(const watch_words *w, int32_t c, watch *at) {
  const int kind = kind_of(c);
  if (normalise_is_separator(c) && (at->kind == KIND_HAN || at->gap)) {
    at->gap = 1;
    return 1;
  }
  const int gap = at->gap && kind != KIND_HAN;
  at->gap = 0;
  if (gap && !put(w, ' ', KIND_SPACE, at)) return 0;
  if (kind == KIND_SPACE && at->kind == KIND_SPACE) return 1;
  if (c == '-' && at->kind == KIND_LATIN) return put(w, ' ', KIND_SPACE, at);
  return put(w, c, kind, at);
}

int watch_read(const watch_words *w, const char *piece, watch *at) {
  const int64_t length = (int64_t)strlen(piece);
  for (int64_t i = 0; i < length;) {
    const int32_t c = codepoint_next(piece, length, &i);
    if (c >= 0 && !read_one(w, c, at)) return 0;
  }
  return 1;
}

int watch_end(const watch_words *w, watch *at) { return judge(w, at) && at->owed == 0; }
