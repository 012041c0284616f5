#include "text/split.h"

#include <string.h>

#include "text/codepoint.h"

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_stop(char c) { return c == '.' || c == ','; }

/* The marks that always stand apart: ASCII punctuation without ' , - . */
static int is_apart(char c) { return c != '\0' && strchr("{|}~[\\]^_`!\"#$%&()*+:;<=>?@/", c) != NULL; }

static char *put(char *to, const char *bytes) {
  const size_t length = strlen(bytes);
  memcpy(to, bytes, length);
  return to + length;
}

/* Each pass reads a line and writes a longer one, and returns its end. */
static char *pass_marks(const char *in, char *to) {
  for (; *in; in++) to = is_apart(*in) ? put(to, (char[]){' ', *in, ' ', 0}) : put(to, (char[]){*in, 0});
  return to;
}

static char *pass_after(const char *in, char *to) {
  while (*in) {
    if (!is_digit(in[0]) && is_stop(in[1])) {
      to = put(to, (char[]){in[0], ' ', in[1], ' ', 0});
      in += 2;
    } else {
      *to++ = *in++;
    }
  }
  return to;
}

static char *pass_before(const char *in, char *to) {
  while (*in) {
    if (is_stop(in[0]) && in[1] && !is_digit(in[1])) {
      to = put(to, (char[]){' ', in[0], ' ', in[1], 0});
      in += 2;
    } else {
      *to++ = *in++;
    }
  }
  return to;
}

static char *pass_dash(const char *in, char *to) {
  while (*in) {
    if (is_digit(in[0]) && in[1] == '-') {
      to = put(to, (char[]){in[0], ' ', '-', ' ', 0});
      in += 2;
    } else {
      *to++ = *in++;
    }
  }
  return to;
}

/* White space as Python's split sees it, of what stands in texts. */
static int is_space(int32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* One space between words, none at the ends; in place. */
static void fold(char *text) {
  const int64_t length = (int64_t)strlen(text);
  char *to = text;
  int is_open = 0;
  for (int64_t at = 0; at < length;) {
    const int64_t from = at;
    if (is_space(codepoint_next(text, length, &at))) {
      is_open = 0;
      continue;
    }
    if (!is_open && to > text) *to++ = ' ';
    is_open = 1;
    memmove(to, text + from, (size_t)(at - from));
    to += at - from;
  }
  *to = '\0';
}

/* Every pass at most triples a line, and none what another has put in: six times is enough for all. */
static status all_passes(const char *line, arena *a, char **out) {
  static char *(*const pass[])(const char *, char *) = {pass_marks, pass_after, pass_before, pass_dash};
  const int64_t room = 8 * (int64_t)strlen(line) + 16;
  char *from = NULL, *to = NULL;
  TRY(ARENA(a, room, &from));
  TRY(ARENA(a, room, &to));
  *put(put(put(from, " "), line), " ") = '\0';
  for (int i = 0; i < 4; i++) {
    *pass[i](from, to) = '\0';
    char *swap = from;
    from = to;
    to = swap;
  }
  fold(from);
  *out = from;
  return STATUS_OK;
}

/* Replaces in place by something shorter. */
static void replace(char *text, const char *old, const char *by) {
  const size_t length = strlen(old), shorter = strlen(by);
  for (char *at = strstr(text, old); at != NULL; at = strstr(at + shorter, old)) {
    memcpy(at, by, shorter);
    memmove(at + shorter, at + length, strlen(at + length) + 1);
  }
}

status split_13a(const char *line, arena *a, char **out) {
  static const char *const entities[][2] = {{"<skipped>", ""}, {"-\n", ""},   {"\n", " "},  {"&quot;", "\""},
                                            {"&amp;", "&"},    {"&lt;", "<"}, {"&gt;", ">"}};
  char *clean = NULL;
  TRY(arena_text(a, line, strlen(line), &clean));
  for (int i = 0; i < (int)(sizeof entities / sizeof *entities); i++) replace(clean, entities[i][0], entities[i][1]);
  return all_passes(clean, a, out);
}

/* The ranges of sacreBLEU 2.6, in which a surrogate pair that was meant ends as 2001 to 2A6D. */
static int is_chinese(int32_t c) {
  static const int32_t range[][2] = {
      {0x3400, 0x4DB5}, {0x4E00, 0x9FBB}, {0xF900, 0xFA2D}, {0xFA30, 0xFA6A}, {0xFA70, 0xFAD9}, {0x2001, 0x2A6D},
      {0x2F81, 0x2FA1}, {0xFF00, 0xFFEF}, {0x2E80, 0x2EFF}, {0x3000, 0x303F}, {0x31C0, 0x31EF}, {0x2F00, 0x2FDF},
      {0x2FF0, 0x2FFF}, {0x3100, 0x312F}, {0x31A0, 0x31BF}, {0xFE10, 0xFE1F}, {0xFE30, 0xFE4F}, {0x3200, 0x33FF}};
  for (int i = 0; i < (int)(sizeof range / sizeof *range); i++)
    if (c >= range[i][0] && c <= range[i][1]) return 1;
  return 0;
}

status split_characters(const char *line, arena *a, char **out) {
  const int64_t length = (int64_t)strlen(line);
  char *apart = NULL;
  TRY(ARENA(a, 3 * length + 1, &apart));
  char *to = apart;
  for (int64_t at = 0; at < length;) {
    const int64_t from = at;
    const int chinese = is_chinese(codepoint_next(line, length, &at));
    if (chinese) *to++ = ' ';
    memcpy(to, line + from, (size_t)(at - from));
    to += at - from;
    if (chinese) *to++ = ' ';
  }
  return all_passes(apart, a, out);
}

void split_lower(char *text) {
  for (; *text; text++) {
    if (*text >= 'A' && *text <= 'Z') *text = (char)(*text + 32);
    if ((unsigned char)text[0] == 0xC3 && (unsigned char)text[1] == 0x89) *++text = (char)0xA9;
  }
}

status split_plain(const char *line, arena *a, char **out) {
  TRY(arena_text(a, line, strlen(line), out));
  split_lower(*out);
  for (char *at = *out; *at; at++)
    if (!is_digit(*at) && !(*at >= 'a' && *at <= 'z')) *at = ' ';
  fold(*out);
  return STATUS_OK;
}
