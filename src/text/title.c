#include "text/title.h"

#include <string.h>
#include <unicode/uchar.h>

#include "text/codepoint.h"
#include "text/width.h"

/* Words that stay small inside an English title, and that cannot stand at its end. */
static const char *const small[] = {"a",  "an", "and", "at", "by",  "for", "from",
                                    "in", "of", "on",  "or", "the", "to",  "with"};
static const char *const acronyms[] = {"uk",  "usa", "us",  "eu", "tv", "cd",  "dvd",  "led", "usb", "diy", "lcd",
                                       "pvc", "ii",  "iii", "iv", "vi", "vii", "viii", "ix",  "xi",  "xii"};
static const char *const articles[] = {"the", "a",   "an", "la", "le",  "les", "l'",  "el",
                                       "los", "las", "il", "lo", "die", "der", "das", "o"};

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

/* 1 if p[from, to) is one of the words, in any case. */
static int is_one_of(const points *p, int64_t from, int64_t to, const char *const *words, int count) {
  for (int w = 0; w < count; w++) {
    if ((int64_t)strlen(words[w]) != to - from) continue;
    int64_t i = from;
    while (i < to && u_tolower(p->at[i]) == words[w][i - from]) i++;
    if (i == to) return 1;
  }
  return 0;
}

static int64_t word_end(const points *p, int64_t from) {
  while (from < p->count && (u_isalnum(p->at[from]) || p->at[from] == '\'')) from++;
  return from;
}

void title_capitalise(points *p) {
  for (int64_t i = 0; i < p->count; i++)
    if (u_islower(p->at[i])) return;
  for (int64_t from = 0; from < p->count;) {
    const int64_t to = word_end(p, from);
    const int joined = from > 0 && p->at[from - 1] != ' '; /* "T-A": no small word */
    const int is_small = from > 0 && !joined && to < p->count && is_one_of(p, from, to, small, COUNT(small));
    const int is_acronym = is_one_of(p, from, to, acronyms, COUNT(acronyms));
    for (int64_t i = from; i < to; i++)
      p->at[i] = is_acronym || (i == from && !is_small) ? u_toupper(p->at[i]) : u_tolower(p->at[i]);
    from = to > from ? to : from + 1;
  }
}

/* Moves an article that ends p[from, to) after a comma to its front; the segment keeps its place. */
static void turn_segment(points *p, int64_t from, int64_t to, int32_t *spare) {
  int64_t end = to;
  while (end > from && p->at[end - 1] == ' ') end--;
  int64_t comma = end;
  while (comma > from && p->at[comma - 1] != ',') comma--;
  if (comma <= from || comma >= end || p->at[comma] != ' ') return;
  const int64_t article = comma + 1, article_length = end - article, rest = comma - 1 - from;
  if (rest <= 0 || !is_one_of(p, article, end, articles, COUNT(articles))) return;
  int64_t n = 0;
  for (int64_t i = article; i < end; i++) spare[n++] = p->at[i];
  if (spare[n - 1] != '\'') spare[n++] = ' ';
  memcpy(spare + n, p->at + from, (size_t)rest * sizeof *spare);
  n += rest;
  for (; n < article_length + rest + 2; n++) spare[n] = ' '; /* the comma's place, folded away later */
  memcpy(p->at + from, spare, (size_t)n * sizeof *spare);
}

status title_article_first(points *p, arena *a) {
  int32_t *spare;
  TRY(ARENA(a, p->count + 2, &spare));
  for (int64_t from = 0; from < p->count;) {
    int64_t to = from;
    while (to < p->count && p->at[to] != '(' && p->at[to] != ')') to++;
    turn_segment(p, from, to, spare);
    from = to + 1;
  }
  points_fold_spaces(p);
  int64_t kept = 0; /* "(La haine )" */
  for (int64_t i = 0; i < p->count; i++)
    if (p->at[i] != ' ' || i + 1 >= p->count || p->at[i + 1] != ')') p->at[kept++] = p->at[i];
  p->count = kept;
  return STATUS_OK;
}

/* 1 if the text may be parted before p[i] without tearing a character: no mark, selector, joiner or skin tone there. */
static int is_character_border(const points *p, int64_t i) {
  const int32_t c = p->at[i];
  const int8_t category = u_charType(c);
  return category != U_NON_SPACING_MARK && category != U_ENCLOSING_MARK && category != U_COMBINING_SPACING_MARK &&
         !u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER);
}

static int is_word_border(const points *p, int64_t i) {
  return p->at[i] == ' ' || codepoint_is_han(p->at[i]) || codepoint_is_han(p->at[i - 1]);
}

/* The end without what needs something to follow it. */
static int64_t trim_end(const points *p, int64_t end) {
  for (;;) {
    int64_t word = end;
    while (word > 0 && u_isalpha(p->at[word - 1])) word--;
    if (word > 0 && word < end && p->at[word - 1] == ' ' && is_one_of(p, word, end, small, COUNT(small))) {
      end = word;
      continue;
    }
    if (end == 0) return 0;
    const int32_t c = p->at[end - 1];
    const int8_t category = u_charType(c);
    if (c == ' ' || (c < 0x80 && strchr(",:;&+/-'\"", c)) || category == U_START_PUNCTUATION ||
        category == U_DASH_PUNCTUATION || c == 0xFF0C || c == 0x3001 || c == 0xFF1A)
      end--;
    else
      return end;
  }
}

/* The place of a bracket in p[0, end) that is not closed there, or end. */
static int64_t open_bracket(const points *p, int64_t end) {
  int64_t depth = 0;
  for (int64_t i = end; i-- > 0;) {
    const int8_t category = u_charType(p->at[i]);
    depth += category == U_END_PUNCTUATION;
    if (category == U_START_PUNCTUATION && depth-- == 0) return i;
  }
  return end;
}

/* Display columns of p[0, end). */
static status columns_of(const points *p, int64_t end, arena *a, int *columns) {
  const arena_mark here = arena_here(a);
  const points head = {end, p->at};
  char *text;
  TRY(points_text(&head, a, &text));
  *columns = width_columns(text);
  arena_release(a, here);
  return STATUS_OK;
}

status title_cut(points *p, int columns, arena *a) {
  int used;
  TRY(columns_of(p, p->count, a, &used));
  if (used <= columns) return STATUS_OK;
  int64_t character = 0, word = 0;
  for (int64_t i = 1; i < p->count; i++) {
    TRY(columns_of(p, i, a, &used));
    if (used > columns) break;
    if (!is_character_border(p, i)) continue;
    character = i;
    if (is_word_border(p, i)) word = i;
  }
  int64_t end = trim_end(p, 2 * word > character ? word : character);
  const int64_t open = open_bracket(p, end);
  if (2 * open > end) end = trim_end(p, open);
  p->count = end;
  return STATUS_OK;
}
