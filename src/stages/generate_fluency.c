#include "stages/generate_fluency.h"

#include <string.h>

#include "base/hash.h"
#include "text/slots.h"

/* What stands before the first and behind the last unit. */
static const uint64_t border = 0xB07DE7u;

static int is_latin(unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* Bytes of the unit at text; an apostrophe or hyphen inside a word is part of it. */
static int unit_bytes(const char *text) {
  const unsigned char *t = (const unsigned char *)text;
  int length = 1;
  if (*t == '<' && slots_at(text, &length) >= 0) return length;
  if (is_latin(*t)) {
    while (is_latin(t[length]) || ((t[length] == '\'' || t[length] == '-') && is_latin(t[length + 1]))) length++;
    return length;
  }
  if (*t < 0x80) return 1;
  while ((t[length] & 0xC0) == 0x80) length++;
  return length;
}

static uint64_t unit_hash(const char *text, int length) {
  char lower[64];
  if (length > (int)sizeof lower) length = (int)sizeof lower;
  for (int i = 0; i < length; i++) {
    const unsigned char c = (unsigned char)text[i];
    lower[i] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
  }
  return hash_bytes(lower, (size_t)length, 0);
}

/* The next unit, spaces passed over; 0 at the end. */
static uint64_t next_unit(const char **at) {
  while (**at == ' ') ++*at;
  if (**at == '\0') return 0;
  const int length = unit_bytes(*at);
  const uint64_t hash = unit_hash(*at, length);
  *at += length;
  return hash | 1;
}

/* Never 0, which marks a free place. */
static uint64_t of_one(int voice, uint64_t a) { return hash_mix(a ^ ((uint64_t)voice + 1) << 32) | 1; }
static uint64_t of_two(int voice, uint64_t a, uint64_t b) { return hash_mix(of_one(voice, a) * 3 + b) | 1; }
static uint64_t of_three(int voice, uint64_t a, uint64_t b, uint64_t c) {
  return hash_mix(of_two(voice, a, b) * 5 + c) | 1;
}

/* How one domain is written about in one language, or a language as a whole: what is usual in a note on a trip is not
 * in one on a lamp. */
static int voice_of(language l, int d) { return (int)l * (DOMAIN_COUNT + 1) + d; }

static int64_t place(const generate_fluency *f, uint64_t hash) {
  int64_t at = (int64_t)(hash >> 1 & (uint64_t)(f->size - 1));
  while (f->seen[at] != 0 && f->seen[at] != hash) at = (at + 1) & (f->size - 1);
  return at;
}

static int has(const generate_fluency *f, uint64_t hash) { return f->seen[place(f, hash)] == hash; }

/* Copy repeats itself, so how many hashes it leaves is not known before: the table grows from one arena into another.
 */
typedef struct learning {
  generate_fluency table;
  arena memory[2];
  int current;
} learning;

static status resize(learning *l, int64_t size) {
  const generate_fluency old = l->table;
  arena *next = &l->memory[1 - l->current];
  TRY(ARENA(next, size, &l->table.seen));
  l->table.size = size;
  for (int64_t i = 0; i < old.size; i++)
    if (old.seen[i] != 0) l->table.seen[place(&l->table, old.seen[i])] = old.seen[i];
  arena_free(&l->memory[l->current]);
  l->current = 1 - l->current;
  return STATUS_OK;
}

static status add(learning *l, uint64_t hash) {
  generate_fluency *f = &l->table;
  const int64_t at = place(f, hash);
  if (f->seen[at] != 0) return STATUS_OK;
  f->seen[at] = hash;
  return 2 * ++f->used <= f->size ? STATUS_OK : resize(l, 2 * f->size);
}

static status learn(learning *l, const char *text, int voice) {
  uint64_t before = border, last = border;
  for (uint64_t unit = next_unit(&text);; unit = next_unit(&text)) {
    const uint64_t now = unit != 0 ? unit : border;
    TRY(add(l, of_one(voice, now)));
    TRY(add(l, of_two(voice, last, now)));
    TRY(add(l, of_three(voice, before, last, now)));
    before = last;
    last = now;
    if (unit == 0) return STATUS_OK;
  }
}

static status learn_all(learning *l, const copy *c) {
  TRY(resize(l, 1024));
  for (int64_t i = 0; i < c->count; i++) {
    const copy_line *line = &c->lines[i];
    TRY(learn(l, line->text, voice_of(line->language, DOMAIN_COUNT)));
    TRY(learn(l, line->text, voice_of(line->language, (int)line->domain)));
    l->table.lines[line->language][line->domain]++;
  }
  return STATUS_OK;
}

status generate_fluency_create(const copy *c, arena *a, generate_fluency *out) {
  learning l = {0};
  status result = learn_all(&l, c);
  *out = l.table;
  if (result == STATUS_OK) result = ARENA(a, out->size, &out->seen);
  if (result == STATUS_OK) memcpy(out->seen, l.table.seen, (size_t)out->size * sizeof *out->seen);
  for (int i = 0; i < 2; i++) arena_free(&l.memory[i]);
  return result;
}

generate_usage generate_fluency_of(const generate_fluency *f, const char *template_text, language l, domain d) {
  const int voice = voice_of(l, f->lines[l][d] > 0 ? (int)d : DOMAIN_COUNT);
  uint64_t before = border, last = border;
  int strange = 0, units = 0, pairs = 0, triples = 0;
  for (uint64_t unit = next_unit(&template_text);; unit = next_unit(&template_text)) {
    const uint64_t now = unit != 0 ? unit : border;
    strange += !has(f, of_one(voice, now));
    pairs += has(f, of_two(voice, last, now));
    triples += has(f, of_three(voice, before, last, now));
    units++;
    before = last;
    last = now;
    if (unit == 0) break;
  }
  return (generate_usage){strange, (double)pairs / units, (double)triples / units};
}
