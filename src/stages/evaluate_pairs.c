#include "stages/evaluate_pairs.h"

#include <string.h>

#include "text/attributes.h"
#include "text/rnnlg.h"
#include "text/split.h"

/* The normalised text with its open values hidden. */
static status prepare_text(const evaluate_pairs *p, const meaning *m, const char *text, arena *a, char **out) {
  char *normal = NULL;
  if (p->format == CORPUS_ADVERTISEGEN) return attributes_split(&p->values, text, a, out);
  if (p->format == CORPUS_RNNLG) {
    TRY(rnnlg_normalise(text, a, &normal));
  } else {
    TRY(split_13a(text, a, &normal));
    split_lower(normal);
  }
  return meaning_hide(m, normal, p->format == CORPUS_E2E, a, out);
}

static status read_meaning(corpus_format format, const char *text, arena *a, meaning *out) {
  if (format == CORPUS_ADVERTISEGEN) return meaning_read_attributes(text, a, out);
  return format == CORPUS_RNNLG ? meaning_read_rnnlg(text, a, out) : meaning_read_e2e(text, a, out);
}

static status read_pair(const stage *s, evaluate_pairs *p, const corpus_row *row, int part, evaluate_pair *out) {
  arena *a = s->arena;
  meaning m;
  TRY(read_meaning(p->format, row->meaning, a, &m));
  TRY(prepare_text(p, &m, row->text, a, &out->hidden));
  TRY(meaning_features(&m, &p->features, part == CORPUS_TRAIN, a, &out->features, &out->key));
  if (p->format == CORPUS_E2E) out->key = row->meaning;
  if (part == CORPUS_TRAIN) return STATUS_OK;
  TRY(ARENA(a, 1, &out->meaning));
  *out->meaning = m;
  return STATUS_OK;
}

/* Values of the train part that are tokens of their own. */
static status learn_values(const stage *s, const corpus_file *f, evaluate_pairs *p) {
  TRY(lexicon_create(s->arena, &p->values));
  for (int64_t i = 0; i < f->count; i++) {
    meaning m;
    int32_t id = 0;
    TRY(read_meaning(p->format, f->row[i].meaning, s->arena, &m));
    for (int k = 0; k < m.count; k++)
      if (attributes_is_word(m.slot[k].value))
        TRY(lexicon_add(&p->values, m.slot[k].value, strlen(m.slot[k].value), &id));
  }
  return STATUS_OK;
}

/* Numbers words: all of the train part that stand there often enough. */
static status learn_words(const stage *s, evaluate_pairs *p) {
  const int64_t least = settings_int(s->settings, "text.least");
  static const char *const marks[] = {"</s>", "<s>", "<unk>"};
  lexicon all;
  int32_t id = 0;
  TRY(lexicon_create(s->arena, &p->words));
  TRY(lexicon_create(s->arena, &all));
  for (int i = 0; i < 3; i++) TRY(lexicon_add(&p->words, marks[i], strlen(marks[i]), &id));
  arena memory = {0};
  int64_t *count = NULL, total = 0;
  for (int64_t i = 0; i < p->count[CORPUS_TRAIN]; i++) total += (int64_t)strlen(p->pair[CORPUS_TRAIN][i].hidden);
  status result = ARENA(&memory, total, &count);
  for (int64_t i = 0; i < p->count[CORPUS_TRAIN] && result == STATUS_OK; i++) {
    word_ids ids;
    result = lexicon_ids(&all, p->pair[CORPUS_TRAIN][i].hidden, &memory, &ids);
    for (int k = 0; k < ids.count && result == STATUS_OK; k++)
      if (++count[ids.id[k]] == least) {
        const char *word = all.word[ids.id[k]];
        result = lexicon_add(&p->words, word, strlen(word), &id);
      }
  }
  arena_free(&memory);
  return result;
}

static status number_words(const evaluate_pairs *p, evaluate_pair *pair, arena *a) {
  const char *at = pair->hidden;
  TRY(ARENA(a, (int64_t)strlen(at) / 2 + 1, &pair->words.id));
  for (;;) {
    at += strspn(at, " ");
    const size_t length = strcspn(at, " ");
    if (length == 0) return STATUS_OK;
    const int32_t id = lexicon_find(&p->words, at, length);
    pair->words.id[pair->words.count++] = id < 0 ? PAIRS_UNKNOWN : id;
    at += length;
  }
}

/* The last part of the path. */
static status domain_of(const stage *s, const char **out) {
  *out = settings_text(s->settings, "inputs.corpus.domain");
  if ((*out)[0] != '\0') return STATUS_OK;
  const char *path = settings_text(s->settings, "inputs.corpus.path");
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') length--;
  size_t first = length;
  while (first > 0 && path[first - 1] != '/') first--;
  char *name = NULL;
  TRY(arena_text(s->arena, path + first, length - first, &name));
  *out = name;
  return STATUS_OK;
}

status evaluate_pairs_read(const stage *s, const evaluate_corpus *c, evaluate_pairs *out) {
  *out = (evaluate_pairs){.format = c->format};
  TRY(domain_of(s, &out->domain));
  if (c->format == CORPUS_E2E) TRY(e2e_open(&out->patterns));
  if (c->format == CORPUS_ADVERTISEGEN) TRY(learn_values(s, &c->part[CORPUS_TRAIN], out));
  TRY(lexicon_create(s->arena, &out->features));
  for (int part = 0; part < CORPUS_PARTS; part++) {
    const corpus_file *f = &c->part[part];
    out->count[part] = f->count;
    TRY(ARENA(s->arena, f->count, &out->pair[part]));
    for (int64_t i = 0; i < f->count; i++) {
      out->pair[part][i].id = (uint64_t)i;
      TRY(read_pair(s, out, &f->row[i], part, &out->pair[part][i]));
    }
  }
  TRY(learn_words(s, out));
  for (int part = 0; part < CORPUS_PARTS; part++)
    for (int64_t i = 0; i < out->count[part]; i++) TRY(number_words(out, &out->pair[part][i], s->arena));
  return STATUS_OK;
}

void evaluate_pairs_close(evaluate_pairs *p) { e2e_close(p->patterns); }

void evaluate_pairs_condition(const evaluate_pairs *p, const word_ids *features, float *condition, float *facts) {
  for (int i = 0; i < features->count; i++) {
    const int32_t id = features->id[i];
    const int is_slot = strncmp(p->features.word[id], "sv.", 3) == 0;
    if (facts != NULL && is_slot)
      facts[id] = 1;
    else
      condition[id] = 1;
  }
}

status evaluate_pairs_batch(const evaluate_pairs *p, const generator_shape *shape, const evaluate_pair *const *pairs,
                            int count, arena *a, generator_batch *out) {
  int steps = 0;
  int32_t *input = NULL, *target = NULL;
  float *condition = NULL, *facts = NULL;
  uint64_t *ids = NULL;
  for (int i = 0; i < count; i++)
    if (pairs[i]->words.count >= steps) steps = pairs[i]->words.count + 1;
  TRY(ARENA(a, (int64_t)steps * count, &input));
  TRY(ARENA(a, (int64_t)steps * count, &target));
  TRY(ARENA(a, (int64_t)count * shape->condition, &condition));
  if (shape->facts > 0) TRY(ARENA(a, (int64_t)count * shape->facts, &facts));
  TRY(ARENA(a, count, &ids));
  for (int i = 0; i < count; i++) {
    const word_ids *words = &pairs[i]->words;
    for (int t = 0; t < steps; t++) {
      input[t * count + i] = t == 0 ? PAIRS_BEGIN : t <= words->count ? words->id[t - 1] : PAIRS_END;
      target[t * count + i] = t < words->count ? words->id[t] : t == words->count ? PAIRS_END : -1;
    }
    ids[i] = pairs[i]->id;
    evaluate_pairs_condition(p, &pairs[i]->features, condition + (int64_t)i * shape->condition,
                             facts != NULL ? facts + (int64_t)i * shape->facts : NULL);
  }
  *out = (generator_batch){.sequences = count,
                           .steps = steps,
                           .input = input,
                           .target = target,
                           .condition = condition,
                           .facts = facts,
                           .ids = ids};
  return STATUS_OK;
}
