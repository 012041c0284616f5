#include "text/lexicon.h"

#include <string.h>

#include "base/hash.h"

static int64_t place(const lexicon *l, const char *word, size_t length) {
  const uint64_t mask = 2 * (uint64_t)l->room - 1;
  uint64_t at = hash_bytes(word, length, 0) & mask;
  for (; l->slot[at] != 0; at = (at + 1) & mask) {
    const char *other = l->word[l->slot[at] - 1];
    if (strncmp(other, word, length) == 0 && other[length] == '\0') break;
  }
  return (int64_t)at;
}

/* Room for twice as many; the old tables stay the arena's. */
static status grow(lexicon *l) {
  const lexicon old = *l;
  l->room = old.room == 0 ? 64 : 2 * old.room;
  TRY(ARENA(l->arena, l->room, &l->word));
  TRY(ARENA(l->arena, 2 * (int64_t)l->room, &l->slot));
  for (int32_t i = 0; i < old.count; i++) {
    l->word[i] = old.word[i];
    l->slot[place(l, old.word[i], strlen(old.word[i]))] = i + 1;
  }
  return STATUS_OK;
}

status lexicon_create(arena *a, lexicon *out) {
  *out = (lexicon){.arena = a};
  return grow(out);
}

int32_t lexicon_find(const lexicon *l, const char *word, size_t length) { return l->slot[place(l, word, length)] - 1; }

status lexicon_add(lexicon *l, const char *word, size_t length, int32_t *id) {
  *id = lexicon_find(l, word, length);
  if (*id >= 0) return STATUS_OK;
  if (l->count == l->room) TRY(grow(l));
  TRY(arena_text(l->arena, word, length, &l->word[l->count]));
  *id = l->count++;
  l->slot[place(l, word, length)] = *id + 1;
  return STATUS_OK;
}

status lexicon_ids(lexicon *l, const char *text, arena *a, word_ids *out) {
  *out = (word_ids){0};
  TRY(ARENA(a, (int64_t)(strlen(text) + 1) / 2, &out->id));
  for (;;) {
    text += strspn(text, " ");
    const size_t length = strcspn(text, " ");
    if (length == 0) return STATUS_OK;
    TRY(lexicon_add(l, text, length, &out->id[out->count++]));
    text += length;
  }
}
