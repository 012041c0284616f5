#include "stages/generate_fluency.h"

#include <string.h>

#include "base/hash.h"
#include "text/slots.h"

/* What stands before the first and behind the last unit. */
static const uint64_t border = 0xB07DE7u;

/* Tells the beginning of a word from the word. */
static const uint64_t part_salt = 0x9A127B3619u;

static int is_latin(unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* Bytes of a unit that is no word. */
static int unit_bytes(const char *text) {
  const unsigned char *t = (const unsigned char *)text;
  int length = 1;
  if (*t == '<' && slots_at(text, &length) >= 0) return length;
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

/* Of the beginning of a word. */
static uint64_t part_hash(const char *text, int length) { return hash_mix(unit_hash(text, length) ^ part_salt) | 1; }

/* What is not over yet as a unit: a word, then the mark behind it; 0: nothing. */
static uint64_t flush(generate_reading *r) {
  r->over = r->length;
  if (r->length > 0) {
    const uint64_t hash = unit_hash(r->word, r->length);
    r->length = 0;
    return hash | 1;
  }
  if (r->joint == 0) return 0;
  const uint64_t hash = unit_hash(&r->joint, 1);
  r->joint = 0;
  return hash | 1;
}

static void append(generate_reading *r, char c) {
  if (r->length < GENERATE_WORD_MOST) r->word[r->length++] = c;
}

/* The next unit that is over, spaces passed over; 0 where the text so far is read. An apostrophe or hyphen inside a
 * word is part of it. */
static uint64_t next_unit(const char **at, generate_reading *r) {
  for (;;) {
    const unsigned char c = (unsigned char)**at;
    if (c == '\0') return 0;
    if (r->joint != 0 && (r->length == 0 || !is_latin(c))) return flush(r);
    if (is_latin(c)) {
      if (r->joint != 0) append(r, r->joint);
      r->joint = 0;
      append(r, (char)c);
    } else if (r->length > 0 && (c == '\'' || c == '-')) {
      r->joint = (char)c;
    } else if (r->length > 0) {
      return flush(r);
    } else if (c != ' ') {
      const int length = unit_bytes(*at);
      const uint64_t hash = unit_hash(*at, length);
      r->over = 0;
      *at += length;
      return hash | 1;
    }
    ++*at;
  }
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

/* How pairs and triples with the word that is just over begin, so that a word can be held against them while it is
 * written. */
static status add_beginnings(learning *l, int voice, const generate_reading *r) {
  for (int k = 1; k < r->over; k++) {
    const uint64_t part = part_hash(r->word, k);
    TRY(add(l, of_two(voice, r->last, part)));
    TRY(add(l, of_three(voice, r->before, r->last, part)));
  }
  return STATUS_OK;
}

static status learn(learning *l, const char *text, int voice, int64_t *units) {
  generate_reading r;
  generate_fluency_begin(&r);
  for (;;) {
    uint64_t unit = next_unit(&text, &r);
    if (unit == 0) unit = flush(&r);
    const uint64_t now = unit != 0 ? unit : border;
    TRY(add(l, of_one(voice, now)));
    TRY(add(l, of_two(voice, r.last, now)));
    TRY(add(l, of_three(voice, r.before, r.last, now)));
    if (unit != 0) TRY(add_beginnings(l, voice, &r));
    r.before = r.last;
    r.last = now;
    ++*units;
    if (unit == 0) return STATUS_OK;
  }
}

static status learn_all(learning *l, const copy *c) {
  TRY(resize(l, 1024));
  for (int64_t i = 0; i < c->count; i++) {
    const copy_line *line = &c->lines[i];
    int64_t units = 0;
    TRY(learn(l, line->text, voice_of(line->language, DOMAIN_COUNT), &units));
    TRY(learn(l, line->text, voice_of(line->language, (int)line->domain),
              &l->table.units[line->language][line->domain]));
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

void generate_fluency_begin(generate_reading *r) {
  memset(r, 0, sizeof *r);
  r->before = r->last = border;
}

static int voice_here(const generate_fluency *f, language l, domain d) {
  return voice_of(l, f->lines[l][d] > 0 ? (int)d : DOMAIN_COUNT);
}

static void count(const generate_fluency *f, int voice, uint64_t now, generate_reading *r) {
  r->strange += !has(f, of_one(voice, now));
  r->pairs += has(f, of_two(voice, r->last, now));
  r->triples += has(f, of_three(voice, r->before, r->last, now));
  r->units++;
  r->before = r->last;
  r->last = now;
}

static void count_end(const generate_fluency *f, int voice, generate_reading *r) {
  for (uint64_t unit = flush(r); unit != 0; unit = flush(r)) count(f, voice, unit, r);
  count(f, voice, border, r);
}

generate_usage generate_fluency_of(const generate_fluency *f, const char *template_text, language l, domain d) {
  const int voice = voice_here(f, l, d);
  generate_reading r;
  generate_fluency_begin(&r);
  for (uint64_t unit = next_unit(&template_text, &r); unit != 0; unit = next_unit(&template_text, &r))
    count(f, voice, unit, &r);
  count_end(f, voice, &r);
  return (generate_usage){r.strange, (double)r.pairs / r.units, (double)r.triples / r.units};
}

int generate_fluency_holds(const generate_usage *u) {
  return u->strange == 0 && u->pairs >= 1 && u->triples >= 1 - GENERATE_UNUSUAL - 1e-9;
}

/* Units of a line of copy in this voice. */
static double usual_units(const generate_fluency *f, language l, domain d) {
  int64_t lines = 0, units = 0;
  for (int i = 0; i < DOMAIN_COUNT; i++) {
    if (f->lines[l][d] > 0 && i != (int)d) continue;
    lines += f->lines[l][i];
    units += f->units[l][i];
  }
  return lines > 0 ? (double)units / (double)lines : 0;
}

int generate_fluency_read(const generate_fluency *f, language l, domain d, const char *piece, generate_reading *r) {
  const int voice = voice_here(f, l, d);
  for (uint64_t unit = next_unit(&piece, r); unit != 0; unit = next_unit(&piece, r)) count(f, voice, unit, r);
  const double length = usual_units(f, l, d), units = r->units > length ? r->units : length;
  const int unusual = r->units - r->triples;
  if (r->strange > 0 || r->pairs < r->units || unusual > GENERATE_UNUSUAL * units) return 0;
  if (r->length == 0) return 1;
  /* The word that is not over: as it is, or as the beginning of another. */
  const uint64_t word = unit_hash(r->word, r->length) | 1, part = part_hash(r->word, r->length);
  if (!has(f, of_two(voice, r->last, word)) && !has(f, of_two(voice, r->last, part))) return 0;
  return unusual + 1 <= GENERATE_UNUSUAL * units || has(f, of_three(voice, r->before, r->last, word)) ||
         has(f, of_three(voice, r->before, r->last, part));
}

int generate_fluency_end(const generate_fluency *f, language l, domain d, generate_reading *r) {
  count_end(f, voice_here(f, l, d), r);
  const generate_usage u = {r->strange, (double)r->pairs / r->units, (double)r->triples / r->units};
  return generate_fluency_holds(&u);
}
