#include "cli/synth_titles.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"

typedef struct edition_word {
  const char *zh, *en;
} edition_word;

static const edition_word editions[] = {
    {"海港", "Harbour"},      {"晨光", "Morning"},   {"山谷", "Valley"},       {"灯塔", "Lighthouse"},
    {"果园", "Orchard"},      {"溪流", "Brook"},     {"星野", "Starfield"},    {"雨巷", "Rain Lane"},
    {"麦浪", "Wheatfield"},   {"松林", "Pinewood"},  {"湖畔", "Lakeside"},     {"暮色", "Dusk"},
    {"雪线", "Snowline"},     {"花园", "Garden"},    {"石桥", "Stone Bridge"}, {"风车", "Windmill"},
    {"渡口", "Ferry"},        {"云海", "Cloud Sea"}, {"月台", "Platform"},     {"茶园", "Tea Garden"},
    {"竹林", "Bamboo Grove"}, {"沙洲", "Sandbar"},   {"屋檐", "Eaves"},        {"帆影", "Sail"},
    {"鹿鸣", "Deer Park"},    {"枫叶", "Maple"},     {"潮汐", "Tide"},         {"草原", "Prairie"},
    {"钟楼", "Belfry"},       {"码头", "Wharf"},
};
enum { EDITIONS = sizeof editions / sizeof *editions };

static const edition_word edition_kind[DOMAIN_COUNT] = {
    [DOMAIN_SHOP] = {"款", "Edition"},
    [DOMAIN_NEWS] = {"篇", "Notes"},
    [DOMAIN_TRAVEL] = {"线", "Route"},
    [DOMAIN_SOCIAL] = {"记", "Diary"},
};

static const synth_category *find_category(int index, domain *d) {
  *d = DOMAIN_SHOP;
  if (index < SYNTH_SHOPS) return &synth_shop_categories[index];
  index -= SYNTH_SHOPS;
  *d = DOMAIN_NEWS;
  if (index < SYNTH_NEWS) return &synth_news_categories[index];
  index -= SYNTH_NEWS;
  *d = DOMAIN_TRAVEL;
  if (index < SYNTH_TRAVELS) return &synth_travel_categories[index];
  *d = DOMAIN_SOCIAL;
  return &synth_social_categories[index - SYNTH_TRAVELS];
}

synth_titles_words synth_titles_pick(int category, int64_t place, uint64_t seed) {
  synth_titles_words w = {.edition = place / SYNTH_TITLES_BASE};
  w.category = find_category(category, &w.domain);
  /* A step coprime to the number of pairs visits each of them once. */
  const uint64_t start = hash_mix(seed ^ ((uint64_t)category << 32)) % SYNTH_TITLES_BASE;
  const int pair = (int)((start + 47u * (uint64_t)(place % SYNTH_TITLES_BASE)) % SYNTH_TITLES_BASE);
  w.head = pair / SYNTH_FRAMES;
  w.frame = pair % SYNTH_FRAMES;
  w.group = w.head / SYNTH_GROUP_HEADS;
  return w;
}

/* Appends what fits; titles are far shorter than the buffer. */
static void append(char out[SYNTH_TITLES_SIZE], const char *text) {
  const size_t used = strlen(out);
  snprintf(out + used, SYNTH_TITLES_SIZE - used, "%s", text);
}

/* "·海港松林款" and ", Harbour Pinewood Edition": the edition's number, written in words. */
static void append_edition(const synth_titles_words *w, language l, char out[SYNTH_TITLES_SIZE]) {
  append(out, l == LANGUAGE_ZH ? "·" : ", ");
  /* Bijective numeration: editions 1 … n have one word, the next n² have two. */
  for (int64_t n = w->edition; n > 0; n = (n - 1) / EDITIONS) {
    const edition_word *word = &editions[(n - 1) % EDITIONS];
    append(out, l == LANGUAGE_ZH ? word->zh : word->en);
    if (l == LANGUAGE_EN) append(out, " ");
  }
  append(out, l == LANGUAGE_ZH ? edition_kind[w->domain].zh : edition_kind[w->domain].en);
}

void synth_titles_write(const synth_titles_words *w, language l, char out[SYNTH_TITLES_SIZE]) {
  const synth_word *frame = &w->category->frame[w->frame], *head = &w->category->head[w->head];
  const char *pattern = l == LANGUAGE_ZH ? frame->zh : frame->en, *hole = strchr(pattern, '%');
  const char *name = l == LANGUAGE_ZH ? head->zh : head->en;
  snprintf(out, SYNTH_TITLES_SIZE, "%.*s%s%s", (int)(hole - pattern), pattern, name, hole + 1);
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = (char)(out[0] - 'a' + 'A');
  if (w->edition > 0) append_edition(w, l, out);
}

void synth_titles_keywords(const synth_titles_words *w, language l, char out[SYNTH_TITLES_SIZE]) {
  const synth_word *words[] = {&w->category->group[w->group], &w->category->head[w->head],
                               &w->category->frame[w->frame]};
  const char *seen[3] = {0};
  out[0] = '\0';
  for (int i = 0; i < 3; i++) {
    const char *word = l == LANGUAGE_ZH ? words[i]->keyword_zh : words[i]->keyword_en;
    int repeated = 0;
    for (int j = 0; j < i; j++) repeated |= strcmp(seen[j], word) == 0;
    seen[i] = word;
    if (repeated) continue;
    if (out[0] != '\0') append(out, ";");
    append(out, word);
  }
}
