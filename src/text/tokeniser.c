#include "text/tokeniser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/codepoint.h"
#include "text/pieces.h"

struct tokeniser {
  pieces *pieces;
  arena arena; /* holds the tokeniser itself */
  int size, begin, end;
  int slot_token[SLOT_COUNT];
  char **text;  /* [size] */
  int8_t *slot; /* [size], -1: none */
  uint8_t *is_byte;
};

enum { LINES_LEAST = 8 };

status tokeniser_train(const char *const *lines, int64_t count, int vocabulary, arena *a, char **model,
                       int64_t *model_bytes) {
  *model = NULL;
  *model_bytes = 0;
  if (count < LINES_LEAST)
    return status_fail(STATUS_DATA, "tokeniser: %d lines of copy are too few to learn from; give at least %d",
                       (int)count, LINES_LEAST);
  char symbols[256] = "";
  for (int s = 0; s < SLOT_COUNT; s++) {
    const size_t used = strlen(symbols);
    snprintf(symbols + used, sizeof symbols - used, "%s<%s>", s ? "," : "", slot_name((slot)s));
  }
  char fault[PIECES_FAULT_SIZE], *trained;
  int64_t bytes;
  if (pieces_train(lines, count, vocabulary, symbols, &trained, &bytes, fault) != 0)
    return status_fail(STATUS_DATA, "tokeniser: cannot learn %d pieces from %lld lines of copy: %s", vocabulary,
                       (long long)count, fault);
  const status result = arena_take(a, bytes + 1, 1, (void **)model);
  if (result == STATUS_OK) {
    memcpy(*model, trained, (size_t)bytes);
    *model_bytes = bytes;
  }
  free(trained);
  return result;
}

/* "▁" (E2 96 81) becomes a space, "<0xE4>" its byte. */
static status describe(tokeniser *t, int token) {
  const char *piece = pieces_text(t->pieces, token);
  const pieces_kind kind = pieces_kind_of(t->pieces, token);
  TRY(arena_text(&t->arena, piece, kind == PIECES_CONTROL ? 0 : strlen(piece), &t->text[token]));
  char *text = t->text[token];
  if (kind == PIECES_BYTE) {
    text[0] = (char)strtol(piece + strlen("<0x"), NULL, 16);
    text[1] = '\0';
    t->is_byte[token] = 1;
    return STATUS_OK;
  }
  for (char *space = strstr(text, "\xE2\x96\x81"); space; space = strstr(space, "\xE2\x96\x81")) {
    *space++ = ' ';
    memmove(space, space + 2, strlen(space + 2) + 1);
  }
  return STATUS_OK;
}

static status describe_all(tokeniser *t) {
  t->size = pieces_size(t->pieces);
  t->begin = pieces_find(t->pieces, "<s>");
  t->end = pieces_find(t->pieces, "</s>");
  TRY(ARENA(&t->arena, t->size, &t->text));
  TRY(ARENA(&t->arena, t->size, &t->slot));
  TRY(ARENA(&t->arena, t->size, &t->is_byte));
  memset(t->slot, -1, (size_t)t->size);
  for (int i = 0; i < t->size; i++) TRY(describe(t, i));
  for (int s = 0; s < SLOT_COUNT; s++) {
    char name[32];
    snprintf(name, sizeof name, "<%s>", slot_name((slot)s));
    const int token = pieces_find(t->pieces, name);
    if (strcmp(t->text[token], name) != 0)
      return status_fail(STATUS_DATA, "tokeniser: the model does not know the slot %s; train it again", name);
    t->slot_token[s] = token;
    t->slot[token] = (int8_t)s;
  }
  return STATUS_OK;
}

status tokeniser_open(const char *model, int64_t model_bytes, tokeniser **out) {
  *out = NULL;
  arena own = {0};
  tokeniser *t;
  TRY(ARENA(&own, 1, &t));
  t->arena = own;
  char fault[PIECES_FAULT_SIZE];
  t->pieces = pieces_open(model, model_bytes, fault);
  const status result =
      t->pieces ? describe_all(t) : status_fail(STATUS_DATA, "tokeniser: these bytes are no model: %s", fault);
  if (result != STATUS_OK) {
    tokeniser_close(t);
    return result;
  }
  *out = t;
  return STATUS_OK;
}

void tokeniser_close(tokeniser *t) {
  if (!t) return;
  pieces_close(t->pieces);
  arena own = t->arena; /* frees the memory that t itself stands in */
  arena_free(&own);
}

int tokeniser_size(const tokeniser *t) { return t->size; }
int tokeniser_begin(const tokeniser *t) { return t->begin; }
int tokeniser_end(const tokeniser *t) { return t->end; }
int tokeniser_slot(const tokeniser *t, slot s) { return t->slot_token[s]; }
int tokeniser_slot_of(const tokeniser *t, int token) { return t->slot[token]; }
const char *tokeniser_piece(const tokeniser *t, int token) { return t->text[token]; }
int tokeniser_is_byte(const tokeniser *t, int token) { return t->is_byte[token]; }

status tokeniser_encode(const tokeniser *t, const char *text, arena *a, int32_t **tokens, int *count) {
  const int64_t bytes = (int64_t)strlen(text);
  *count = 0;
  TRY(ARENA(a, bytes, tokens)); /* a token stands for one byte or more */
  *count = pieces_encode(t->pieces, text, bytes, *tokens, (int)bytes);
  if (*count < 0)
    return status_fail(STATUS_BUG, "tokeniser: SentencePiece does not encode a text of %lld bytes", (long long)bytes);
  return STATUS_OK;
}

/* Keeps what is UTF-8 of text, in place. */
static void drop_fragments(char *text) {
  const int64_t length = (int64_t)strlen(text);
  char *to = text;
  for (int64_t at = 0; at < length;) {
    const int64_t from = at;
    if (codepoint_next(text, length, &at) < 0) continue;
    memmove(to, text + from, (size_t)(at - from));
    to += at - from;
  }
  *to = '\0';
}

status tokeniser_decode(const tokeniser *t, const int32_t *tokens, int count, arena *a, char **text) {
  size_t bytes = 1;
  for (int i = 0; i < count; i++) bytes += strlen(t->text[tokens[i]]);
  TRY(ARENA(a, (int64_t)bytes, text));
  char *to = *text;
  for (int i = 0; i < count; i++) {
    const size_t n = strlen(t->text[tokens[i]]);
    memcpy(to, t->text[tokens[i]], n);
    to += n;
  }
  drop_fragments(*text);
  return STATUS_OK;
}
