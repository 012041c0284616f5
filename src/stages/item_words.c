#include "stages/item_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "text/words.h"

/* What a rank found: for each of its items the number of words, then for each a language and the text. */
typedef struct finding {
  char *bytes;
  int64_t used, room;
} finding;

static status put(finding *f, const void *bytes, int64_t count) {
  if (f->used + count > f->room) {
    const int64_t room = (f->used + count) * 2 + 4096;
    char *larger = realloc(f->bytes, (size_t)room);
    if (larger == NULL) return status_fail(STATUS_BUG, "out of memory for the words of the items");
    f->bytes = larger;
    f->room = room;
  }
  memcpy(f->bytes + f->used, bytes, (size_t)count);
  f->used += count;
  return STATUS_OK;
}

static status put_word(finding *f, int spoken, const char *word, size_t length, int32_t *count) {
  const char l = (char)spoken, end = '\0';
  if (length == 0) return STATUS_OK;
  ++*count;
  TRY(put(f, &l, 1));
  TRY(put(f, word, (int64_t)length));
  return put(f, &end, 1);
}

/* "wireless charging;Noise" as two words. */
static status put_keywords(finding *f, int spoken, const char *keywords, arena *a, int32_t *count) {
  while (*keywords != '\0') {
    const char *next = strchr(keywords, ';');
    size_t length = next != NULL ? (size_t)(next - keywords) : strlen(keywords);
    const char *rest = keywords + length + (next != NULL);
    while (length > 0 && *keywords == ' ') keywords++, length--;
    while (length > 0 && keywords[length - 1] == ' ') length--;
    char *word = NULL;
    TRY(arena_text(a, keywords, length, &word));
    for (char *at = word; *at != '\0'; at++)
      if (*at >= 'A' && *at <= 'Z') *at = (char)(*at + 32);
    TRY(put_word(f, spoken, word, length, count));
    keywords = rest;
  }
  return STATUS_OK;
}

static status find_mine(word_breaker *breaker, const catalogue *c, item_row from, item_row to, arena *a, finding *f) {
  for (item_row item = from; item < to; item++) {
    const arena_mark before = arena_here(a);
    const int64_t head = f->used;
    int32_t count = 0;
    TRY(put(f, &count, sizeof count));
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
      word_list list = {0};
      const int32_t others = count;
      TRY(put_keywords(f, l, strings_at(&c->keywords[l], item), a, &count));
      if (count > others) continue;

      TRY(word_breaker_keywords(breaker, strings_at(&c->title[l], item), (language)l, a, &list));
      for (int i = 0; i < list.count; i++) TRY(put_word(f, l, list.word[i], strlen(list.word[i]), &count));
    }
    memcpy(f->bytes + head, &count, sizeof count);
    arena_release(a, before);
  }
  return STATUS_OK;
}

static status break_mine(const stage *s, const catalogue *c, arena *a, finding *f) {
  word_breaker *breaker = NULL;
  TRY(word_breaker_open(&breaker));
  const status result = find_mine(breaker, c, (item_row)partition_start(c->count, s->comm->size, s->comm->rank),
                                  (item_row)partition_start(c->count, s->comm->size, s->comm->rank + 1), a, f);
  word_breaker_close(breaker);
  return result;
}

/* A word of an item: the language, then the text. */
typedef struct mention {
  const char *word;
  item_row item;
} mention;

static int compare_mentions(const void *a, const void *b) {
  const mention *x = a, *y = b;
  if (x->word[0] != y->word[0]) return x->word[0] < y->word[0] ? -1 : 1;
  const int order = strcmp(x->word + 1, y->word + 1);
  return order != 0 ? order : (x->item > y->item) - (x->item < y->item);
}

static int is_same_word(const mention *x, const mention *y) {
  return x->word[0] == y->word[0] && strcmp(x->word + 1, y->word + 1) == 0;
}

/* Every mention, sorted by word and item, each pair once. */
static status list_mentions(const char *bytes, const catalogue *c, arena *a, mention **out, int64_t *count) {
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) TRY(ARENA(a, *count, out));
    const char *at = bytes;
    *count = 0;
    for (item_row item = 0; item < c->count; item++) {
      int32_t here = 0;
      memcpy(&here, at, sizeof here);
      at += sizeof here;
      for (int32_t i = 0; i < here; i++) {
        if (pass == 1) (*out)[*count] = (mention){at, item};
        ++*count;
        at += 1 + strlen(at + 1) + 1;
      }
    }
  }
  qsort(*out, (size_t)*count, sizeof **out, compare_mentions);
  int64_t kept = 0;
  for (int64_t i = 0; i < *count; i++)
    if (kept == 0 || (*out)[i].item != (*out)[kept - 1].item || !is_same_word(&(*out)[i], &(*out)[kept - 1]))
      (*out)[kept++] = (*out)[i];
  *count = kept;
  return STATUS_OK;
}

static status fill_words(const mention *mentions, int64_t count, int32_t items, arena *a, words *w) {
  const char **texts = NULL;
  TRY(ARENA(a, w->count, &texts));
  TRY(ARENA(a, w->count, &w->language));
  TRY(ARENA(a, w->count, &w->idf));
  int32_t row = 0;
  for (int64_t i = 0, next = 0; i < count; i = next, row++) {
    for (next = i; next < count && is_same_word(&mentions[next], &mentions[i]);) next++;
    texts[row] = mentions[i].word + 1;
    w->language[row] = (uint8_t)mentions[i].word[0];
    w->idf[row] = (float)(log((1 + (double)items) / (1 + (double)(next - i))) + 1);
  }
  return strings_create(a, texts, w->count, &w->word);
}

/* Turns the words of each item around: mentions ascend by word, so each item's words ascend too. */
static status fill_items(const mention *mentions, int64_t count, int32_t items, arena *a, words *w) {
  int64_t *next = NULL;
  TRY(ARENA(a, items + 1, &w->item_offset));
  TRY(ARENA(a, items + 1, &next));
  TRY(ARENA(a, count, &w->item_word));
  for (int64_t i = 0; i < count; i++) w->item_offset[mentions[i].item + 1]++;
  for (int32_t i = 0; i < items; i++) w->item_offset[i + 1] += w->item_offset[i];
  memcpy(next, w->item_offset, ((size_t)items + 1) * sizeof *next);
  int32_t row = 0;
  for (int64_t i = 0; i < count; i++) {
    if (i > 0 && !is_same_word(&mentions[i], &mentions[i - 1])) row++;
    w->item_word[next[mentions[i].item]++] = row;
  }
  return STATUS_OK;
}

static status build(const char *bytes, const catalogue *c, arena *scratch, arena *a, words *out) {
  mention *mentions = NULL;
  int64_t count = 0, distinct = 0;
  TRY(list_mentions(bytes, c, scratch, &mentions, &count));
  for (int64_t i = 0; i < count; i++) distinct += i == 0 || !is_same_word(&mentions[i], &mentions[i - 1]);
  if (distinct > INT32_MAX) return status_fail(STATUS_BUG, "more than 2^31 words in the titles");
  *out = (words){.count = (int32_t)distinct};
  TRY(fill_words(mentions, count, c->count, a, out));
  return fill_items(mentions, count, c->count, a, out);
}

status item_words_find(const stage *s, const catalogue *c, arena *a, words *out) {
  arena scratch = {0};
  finding mine = {0};
  char *all = NULL;
  int64_t *offset = NULL;
  status result = STATUS_OK;
  TRY_ALL_DONE(s->comm, result, break_mine(s, c, &scratch, &mine));
  TRY_DONE(result, comm_gather_all(s->comm, mine.bytes, mine.used, &scratch, (void **)&all, &offset));
  TRY_ALL_DONE(s->comm, result, build(all, c, &scratch, a, out));
done:
  free(mine.bytes);
  arena_free(&scratch);
  return result;
}

void item_words_hash(const words *w, int32_t word, double weight, int width, double *vector) {
  const uint64_t h = hash_bytes(strings_at(&w->word, word), (size_t)strings_length(&w->word, word), w->language[word]);
  const double value = weight * (double)w->idf[word];
  vector[h % (uint64_t)width] += (h >> 63) != 0 ? -value : value;
}

void item_words_unit(const double *vector, int width, float *out) {
  double squares = 0;
  for (int i = 0; i < width; i++) squares += vector[i] * vector[i];
  const double scale = squares > 0 ? 1 / sqrt(squares) : 0;
  for (int i = 0; i < width; i++) out[i] = (float)(vector[i] * scale);
}
