#include "stages/ingest_categories.h"

#include <math.h>
#include <string.h>

#include "stages/cluster.h"
#include "stages/item_words.h"

/* Long enough that the words of a shop's titles seldom collide; blocks of items are the leaves of the sums. */
enum { WIDTH = 256, BLOCKS = 64, ITERATIONS = 40 };

/* 1 if the word ends the title: in English and in Chinese titles the thing itself mostly stands last, after what it is
 * like ("PINK HEART CANDLE", "无线降噪耳机"). */
static int ends_title(const catalogue *c, const words *w, item_row item, int32_t word) {
  const char *title = strings_at(&c->title[w->language[word]], item), *text = strings_at(&w->word, word);
  const int64_t rest = strings_length(&c->title[w->language[word]], item) - strings_length(&w->word, word);
  if (rest < 0 || (rest > 0 && title[rest - 1] > 0 && title[rest - 1] != ' ')) return 0;
  for (title += rest; *text != '\0'; text++, title++) {
    const char lower = *title >= 'A' && *title <= 'Z' ? (char)(*title + 32) : *title;
    if (lower != *text) return 0;
  }
  return 1;
}

static void fill_block(const catalogue *c, const words *w, item_row from, cluster_leaf *leaf) {
  double vector[WIDTH];
  for (int64_t i = 0; i < leaf->count; i++) {
    const item_row item = from + (item_row)i;
    memset(vector, 0, sizeof vector);
    for (int64_t j = w->item_offset[item]; j < w->item_offset[item + 1]; j++)
      item_words_hash(w, w->item_word[j], ends_title(c, w, item, w->item_word[j]) ? 2 : 1, WIDTH, vector);
    item_words_unit(vector, WIDTH, leaf->row + i * WIDTH);
    leaf->id[i] = c->id[item].high;
  }
}

static status make_rows(const stage *s, const catalogue *c, const words *w, arena *a, cluster_rows *rows) {
  *rows = (cluster_rows){.width = WIDTH,
                         .leaves = BLOCKS,
                         .first = (int)partition_start(BLOCKS, s->comm->size, s->comm->rank),
                         .last = (int)partition_start(BLOCKS, s->comm->size, s->comm->rank + 1)};
  TRY(ARENA(a, rows->last - rows->first, &rows->leaf));
  for (int b = rows->first; b < rows->last; b++) {
    const int64_t from = partition_start(c->count, BLOCKS, b), to = partition_start(c->count, BLOCKS, b + 1);
    TRY(cluster_take(a, WIDTH, to - from, &rows->leaf[b - rows->first]));
    fill_block(c, w, (item_row)from, &rows->leaf[b - rows->first]);
  }
  return STATUS_OK;
}

/* The groups of all items: blocks follow one another over the ranks as items do. */
static status gather_groups(const stage *s, const cluster_rows *rows, arena *a, int32_t **group) {
  int32_t *mine = NULL;
  int64_t count = 0, *offset = NULL;
  for (int b = 0; b < rows->last - rows->first; b++) count += rows->leaf[b].count;
  TRY_ALL(s->comm, ARENA(a, count, &mine));
  count = 0;
  for (int b = 0; b < rows->last - rows->first; b++) {
    const size_t bytes = (size_t)rows->leaf[b].count * sizeof *mine;
    if (bytes > 0) memcpy(mine + count, rows->leaf[b].assigned, bytes);
    count += rows->leaf[b].count;
  }
  return comm_gather_all(s->comm, mine, count * (int64_t)sizeof *mine, a, (void **)group, &offset);
}

/* What is known of each word over all items. */
typedef struct word_facts {
  int64_t *items, *ends; /* items with the word, and those whose title it ends */
  uint8_t *taken;        /* it names a group */
} word_facts;

static status count_words(const catalogue *c, const words *w, arena *a, word_facts *f) {
  TRY(ARENA(a, w->count, &f->items));
  TRY(ARENA(a, w->count, &f->ends));
  TRY(ARENA(a, w->count, &f->taken));
  for (item_row i = 0; i < c->count; i++) {
    for (int64_t j = w->item_offset[i]; j < w->item_offset[i + 1]; j++) {
      f->items[w->item_word[j]]++;
      f->ends[w->item_word[j]] += ends_title(c, w, i, w->item_word[j]);
    }
  }
  return STATUS_OK;
}

/* The word that best tells a group from the rest: its share of the group, times the logarithm of how much more frequent
 * it is there, times the share of its titles that it ends. Words that are taken, that fewer than two items of the group
 * (or one in 500 of all) share, or that end less than a third of their titles (colours, materials) do not count. -1:
 * none. */
static int32_t typical_word(const catalogue *c, const words *w, const int32_t *group, int k, const word_facts *f,
                            int64_t *here) {
  int64_t size = 0;
  memset(here, 0, (size_t)w->count * sizeof *here);
  for (item_row i = 0; i < c->count; i++) {
    if (group[i] != k) continue;
    size++;
    for (int64_t j = w->item_offset[i]; j < w->item_offset[i + 1]; j++) here[w->item_word[j]]++;
  }
  const int64_t least = c->count / 500 > 2 ? c->count / 500 : 2;
  int32_t best = -1;
  double best_score = 0;
  for (int32_t word = 0; word < w->count; word++) {
    if (here[word] < least || f->taken[word] || f->ends[word] * 3 < f->items[word]) continue;
    const double lift = (double)here[word] / (double)f->items[word] * (double)c->count / (double)size;
    const double ends = (double)f->ends[word] / (double)f->items[word];
    const double score = (double)here[word] / (double)size * log(1 + lift) * ends;
    if (score <= best_score) continue;
    best = word;
    best_score = score;
  }
  return best;
}

/* category_of[word]: the group it names, or -1. */
static status name_groups(const catalogue *c, const words *w, const int32_t *group, int groups, arena *a,
                          int32_t *word_of, int32_t *category_of) {
  int64_t *here = NULL;
  word_facts facts = {0};
  TRY(ARENA(a, w->count, &here));
  TRY(count_words(c, w, a, &facts));
  for (int32_t word = 0; word < w->count; word++) category_of[word] = -1;
  for (int k = 0; k < groups; k++) {
    word_of[k] = typical_word(c, w, group, k, &facts, here);
    if (word_of[k] < 0) continue;
    facts.taken[word_of[k]] = 1;
    category_of[word_of[k]] = k;
  }
  return STATUS_OK;
}

/* The item's own group where its title has that word, or else the group of the rarest naming word that it has. */
static int32_t choose(const words *w, item_row item, int32_t own, const int32_t *category_of) {
  int32_t chosen = -1;
  float rarest = 0;
  for (int64_t j = w->item_offset[item]; j < w->item_offset[item + 1]; j++) {
    const int32_t word = w->item_word[j], k = category_of[word];
    if (k == own && k >= 0) return own;
    if (k < 0 || w->idf[word] <= rarest) continue;
    chosen = k;
    rarest = w->idf[word];
  }
  return chosen;
}

static status fill(const words *w, const int32_t *group, int groups, const int32_t *word_of, const int32_t *category_of,
                   arena *scratch, arena *a, catalogue *c) {
  const char **names[LANGUAGE_COUNT] = {NULL};
  int32_t *number = NULL;
  for (int l = 0; l < LANGUAGE_COUNT; l++) TRY(ARENA(scratch, groups, &names[l]));
  TRY(ARENA(scratch, groups, &number));
  c->categories = 0;
  for (int k = 0; k < groups; k++) {
    number[k] = CATALOGUE_NO_CATEGORY;
    if (word_of[k] < 0) continue;
    char *name = NULL;
    TRY(arena_print(scratch, &name, "%s", strings_at(&w->word, word_of[k])));
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = (char)(name[0] - 32);
    names[w->language[word_of[k]]][c->categories] = name;
    number[k] = c->categories++;
  }
  for (item_row i = 0; i < c->count; i++) {
    const int32_t k = choose(w, i, group[i], category_of);
    c->category[i] = k < 0 ? CATALOGUE_NO_CATEGORY : number[k];
  }
  for (int l = 0; l < LANGUAGE_COUNT; l++) TRY(strings_create(a, names[l], c->categories, &c->category_name[l]));
  return STATUS_OK;
}

static int is_wanted(const stage *s, const catalogue *c) {
  for (item_row i = 0; i < c->count; i++)
    if (c->category[i] != CATALOGUE_NO_CATEGORY) return 0;
  return c->count > 0 && settings_int(s->settings, "inputs.catalogue.categories_by_words") > 0;
}

static status find(const stage *s, arena *a, catalogue *c) {
  const int groups = (int)settings_int(s->settings, "inputs.catalogue.categories_by_words");
  words w = {0};
  cluster_rows rows = {0};
  float *centre = NULL;
  int32_t *group = NULL, *word_of = NULL, *category_of = NULL;
  TRY(item_words_find(s, c, a, &w));
  TRY_ALL(s->comm, make_rows(s, c, &w, a, &rows));
  TRY_ALL(s->comm, ARENA(a, (int64_t)groups * WIDTH, &centre));
  TRY(cluster_find(s->comm, &rows, groups, ITERATIONS, s->seed, a, centre));
  TRY(gather_groups(s, &rows, a, &group));
  TRY_ALL(s->comm, ARENA(a, groups, &word_of));
  TRY_ALL(s->comm, ARENA(a, w.count, &category_of));
  TRY_ALL(s->comm, name_groups(c, &w, group, groups, a, word_of, category_of));
  TRY_ALL(s->comm, fill(&w, group, groups, word_of, category_of, a, s->arena, c));
  return STATUS_OK;
}

status ingest_categories_find(const stage *s, catalogue *c) {
  if (!is_wanted(s, c)) return STATUS_OK;
  arena memory = {0};
  const status result = find(s, &memory, c);
  arena_free(&memory);
  return result;
}
