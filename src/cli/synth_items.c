#include "cli/synth_items.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

enum { DAY = 86400, NEW_DAYS = 14 };

/* Steps of the streams of synth_*.c, so that items and users draw apart. */
enum { STEP_ITEM = 1, STEP_CATEGORY };

/* Shop, news, travel, social. */
static const double domain_share[] = {0.40, 0.25, 0.20, 0.15};
static const int domain_categories[] = {SYNTH_SHOPS, SYNTH_NEWS, SYNTH_TRAVELS, SYNTH_SOCIALS};

static void weigh_categories(synth_items *items) {
  int category = 0;
  for (int d = 0; d < 4; d++) {
    double sum = 0;
    const int first = category;
    for (; category < first + domain_categories[d]; category++) {
      random_stream r = random_open(items->seed, RANDOM_SYNTH, (uint64_t)category, STEP_CATEGORY);
      sum += items->category_weight[category] = 0.6 + 0.8 * random_unit_f64(&r);
    }
    for (int c = first; c < category; c++) items->category_weight[c] *= domain_share[d] / sum;
  }
}

static int draw_category(const synth_items *items, random_stream *r) {
  double u = random_unit_f64(r);
  for (int c = 0; c + 1 < SYNTH_TITLES_CATEGORIES; c++)
    if ((u -= items->category_weight[c]) < 0) return c;
  return SYNTH_TITLES_CATEGORIES - 1;
}

/* Most are older than the events, some came among them, some within the last two weeks. */
static int64_t draw_added(int64_t end, int days, random_stream *r) {
  const double u = random_unit_f64(r), v = random_unit_f64(r);
  double age = days + v * 300;
  if (u < 0.08)
    age = v * (days < NEW_DAYS ? days : NEW_DAYS);
  else if (u < 0.25)
    age = v * days;
  return end - (int64_t)(age * DAY) - DAY / 2;
}

/* Prices end as prices do: 39, 39.9. About 8 % of all items have come down, so 13 % of those that have a price. */
static void draw_price(const synth_category *c, synth_item *item, random_stream *r) {
  if (c->highest == 0) return;
  const double u = random_unit_f64(r);
  const int64_t whole = (int64_t)(c->lowest * pow((double)c->highest / c->lowest, u));
  item->price = whole * 100 + (whole < 200 && random_below(r, 3) == 0 ? 90 : 0);
  if (random_unit_f64(r) < 0.13) item->was = (item->price * (110 + random_below(r, 50)) / 100 + 99) / 100 * 100;
}

static double draw_popularity(random_stream *r) { return pow(0.02 + random_unit_f64(r), -0.6); }

static void fill_cells(synth_items *items, const uint8_t *group) {
  int64_t next[SYNTH_ITEMS_CELLS];
  for (int64_t i = 0; i < items->count; i++) items->cell_start[items->item[i].category * SYNTH_GROUPS + group[i] + 1]++;
  for (int c = 0; c < SYNTH_ITEMS_CELLS; c++) {
    items->cell_start[c + 1] += items->cell_start[c];
    next[c] = items->cell_start[c];
  }
  for (int64_t i = 0; i < items->count; i++) {
    random_stream r = random_open(items->seed, RANDOM_SYNTH, (uint64_t)i, STEP_ITEM);
    const int cell = items->item[i].category * SYNTH_GROUPS + group[i];
    const int64_t at = next[cell]++;
    items->cell_item[at] = i;
    items->cell_sum[at] = draw_popularity(&r) + (at > items->cell_start[cell] ? items->cell_sum[at - 1] : 0);
  }
}

status synth_items_create(int64_t count, int64_t end, int days, uint64_t seed, arena *a, synth_items *out) {
  *out = (synth_items){.count = count, .seed = seed};
  uint8_t *group = NULL;
  TRY(ARENA(a, count, &out->item));
  TRY(ARENA(a, count, &out->cell_item));
  TRY(ARENA(a, count, &out->cell_sum));
  TRY(ARENA(a, count, &group));
  weigh_categories(out);
  int64_t place[SYNTH_TITLES_CATEGORIES] = {0};
  for (int64_t i = 0; i < count; i++) {
    random_stream r = random_open(seed, RANDOM_SYNTH, (uint64_t)i, STEP_ITEM);
    draw_popularity(&r); /* the first number of the stream is fill_cells' */
    synth_item *item = &out->item[i];
    item->category = (uint8_t)draw_category(out, &r);
    item->place = place[item->category]++;
    const synth_titles_words words = synth_titles_pick(item->category, item->place, seed);
    item->frame = (uint8_t)words.frame;
    item->domain = (uint8_t)words.domain;
    item->added = draw_added(end, days, &r);
    item->available = random_unit_f64(&r) >= 0.03;
    group[i] = (uint8_t)words.group;
    draw_price(words.category, item, &r);
  }
  fill_cells(out, group);
  return STATUS_OK;
}

static void print_money(int64_t hundredths, char out[32]) {
  out[0] = '\0';
  if (hundredths > 0) snprintf(out, 32, "%lld.%02lld", (long long)(hundredths / 100), (long long)(hundredths % 100));
}

status synth_items_write(const synth_items *items, file_writer *w) {
  const char *header =
      "item,domain,title_zh,title_en,category_zh,category_en,price,old_price,keywords_zh,keywords_en,added,available\n";
  TRY(file_writer_append(w, header, strlen(header)));
  for (int64_t i = 0; i < items->count; i++) {
    const synth_item *item = &items->item[i];
    const synth_titles_words words = synth_titles_pick(item->category, item->place, items->seed);
    char title[LANGUAGE_COUNT][SYNTH_TITLES_SIZE], keywords[LANGUAGE_COUNT][SYNTH_TITLES_SIZE];
    for (language l = 0; l < LANGUAGE_COUNT; l++) {
      synth_titles_write(&words, l, title[l]);
      synth_titles_keywords(&words, l, keywords[l]);
    }
    char price[32], was[32], added[32], line[2048];
    print_money(item->price, price);
    print_money(item->was, was);
    clock_text(item->added, added);
    const int length =
        snprintf(line, sizeof line, "i%lld,%s,\"%s\",\"%s\",%s,%s,%s,%s,%s,%s,%s,%d\n", (long long)i + 1,
                 domain_name(words.domain), title[LANGUAGE_ZH], title[LANGUAGE_EN], words.category->zh,
                 words.category->en, price, was, keywords[LANGUAGE_ZH], keywords[LANGUAGE_EN], added, item->available);
    TRY(file_writer_append(w, line, (size_t)length));
  }
  return STATUS_OK;
}

int64_t synth_items_draw(const synth_items *items, int cell, random_stream *r) {
  int64_t low = items->cell_start[cell], high = items->cell_start[cell + 1] - 1;
  if (high < low) return -1;
  const double target = random_unit_f64(r) * items->cell_sum[high];
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (items->cell_sum[middle] > target)
      high = middle;
    else
      low = middle + 1;
  }
  return items->cell_item[low];
}
