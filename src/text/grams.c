#include "text/grams.h"

#include <string.h>

#include "base/hash.h"

void grams_free(grams *g) {
  for (int i = 0; i < 2; i++) arena_free(&g->memory[i]);
}

uint64_t grams_key(const int32_t *id, int n) {
  uint64_t key = (uint64_t)n;
  for (int i = 0; i < n; i++) key = hash_mix(key * 0x9E3779B97F4A7C15u + (uint64_t)(uint32_t)id[i] + 1);
  return key == 0 ? 1 : key;
}

static gram *place(const grams *g, uint64_t key) {
  const uint64_t mask = (uint64_t)g->size - 1;
  uint64_t at = key & mask;
  while (g->cell[at].key != 0 && g->cell[at].key != key) at = (at + 1) & mask;
  return &g->cell[at];
}

static status grow(grams *g) {
  const grams old = *g;
  arena *next = &g->memory[1 - g->current];
  g->size = old.size == 0 ? 1024 : 2 * old.size;
  TRY(ARENA(next, g->size, &g->cell));
  for (int64_t i = 0; i < old.size; i++)
    if (old.cell[i].key != 0) *place(g, old.cell[i].key) = old.cell[i];
  arena_free(&g->memory[g->current]);
  g->current = 1 - g->current;
  return STATUS_OK;
}

const gram *grams_find(const grams *g, uint64_t key) {
  const gram *cell = g->size > 0 ? place(g, key) : NULL;
  return cell != NULL && cell->key != 0 ? cell : NULL;
}

static void note(gram *cell, int32_t count, int32_t owner) {
  cell->count += count;
  if (count > cell->most[0]) {
    cell->most[1] = cell->most[0];
    cell->most[0] = count;
    cell->owner = owner;
  } else if (count > cell->most[1]) {
    cell->most[1] = count;
  }
}

status grams_add_text(grams *g, const word_ids *text, int n, int32_t owner) {
  for (int i = 0; i + n <= text->count; i++) {
    const int own = grams_own(text, i, n);
    if (own == 0) continue;
    if (2 * g->used >= g->size) TRY(grow(g));
    gram *cell = place(g, grams_key(text->id + i, n));
    g->used += cell->key == 0;
    cell->key = grams_key(text->id + i, n);
    note(cell, own, owner);
  }
  return STATUS_OK;
}

int grams_count(const word_ids *text, const int32_t *at, int n) {
  int count = 0;
  for (int i = 0; i + n <= text->count; i++)
    count += text->id[i] == at[0] && memcmp(text->id + i, at, (size_t)n * sizeof *at) == 0;
  return count;
}

int grams_own(const word_ids *text, int i, int n) {
  const word_ids before = {i + n - 1, text->id};
  return grams_count(&before, text->id + i, n) > 0 ? 0 : grams_count(text, text->id + i, n);
}

int grams_clipped(const word_ids *text, int i, int n, const word_ids *reference, int references) {
  const int own = grams_own(text, i, n);
  int most = 0;
  for (int r = 0; r < references && most < own; r++) {
    const int theirs = grams_count(&reference[r], text->id + i, n);
    if (theirs > most) most = theirs;
  }
  return most < own ? most : own;
}
