#include "cli/synth_users.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { DAY = 86400, STEP_USER = 3, STEP_EVENTS, STEP_DAMAGE };

/* Categories that go together, by number: shops 0 to 7, news 8 to 14, travel 15 to 20, social 21 to 27. */
static const uint8_t circles[][5] = {
    {0, 22, 18, 13, 3},  /* kitchen, cooking, food trips, health, home */
    {1, 11, 8, 27, 15},  /* audio, culture, technology, games, city breaks */
    {2, 17, 14, 26, 12}, /* outdoor, hiking, environment, photography, sport */
    {3, 21, 25, 23, 14}, /* home, gardening, DIY, pets, environment */
    {4, 24, 11, 15, 9},  /* stationery, reading, culture, city breaks, science */
    {5, 6, 15, 26, 16},  /* apparel, self care, city breaks, photography, islands */
    {6, 20, 13, 16, 24}, /* self care, springs, health, islands, reading */
    {7, 12, 13, 2, 17},  /* fitness, sport, health, outdoor, hiking */
    {8, 9, 1, 19, 27},   /* technology, science, audio, rail, games */
    {10, 8, 5, 19, 18},  /* economy, technology, apparel, rail, food trips */
};
enum { CIRCLES = sizeof circles / sizeof *circles };

typedef enum event_kind { KIND_VIEW, KIND_LIKE, KIND_SAVE, KIND_BUY } event_kind;
static const char *const kind_name[] = {"view", "like", "save", "buy"};

typedef struct event {
  int64_t time, item;
  event_kind kind;
} event;

static void draw_likes(synth_user *u, random_stream *r) {
  const uint8_t *circle = circles[random_below(r, CIRCLES)];
  const uint32_t turn = random_below(r, 5);
  for (uint32_t i = 0; i < SYNTH_USERS_LIKES; i++) {
    const int strays = random_unit(r) < 0.2f;
    const int category = strays ? (int)random_below(r, SYNTH_TITLES_CATEGORIES) : circle[(turn + i) % 5];
    u->cell[i] = category * SYNTH_GROUPS + (int)random_below(r, SYNTH_GROUPS);
  }
  for (int i = 0; i < 4; i++) u->frames |= 1u << random_below(r, SYNTH_FRAMES);
}

static void draw_habits(synth_user *u, double mean, int days, random_stream *r) {
  static const int peaks[] = {7, 12, 19, 22};
  const float tongue = random_unit(r);
  u->language = tongue < 0.52f ? LANGUAGE_ZH : tongue < 0.98f ? LANGUAGE_EN : -1;
  u->suppressed = random_unit(r) < 0.01f;
  u->hour = peaks[random_below(r, 4)];
  u->last_day = random_unit(r) < 0.25f ? days - random_unit_f64(r) * days / 2 : days;
  u->first_day = random_unit(r) < 0.2f ? random_unit_f64(r) * u->last_day / 2 : 0;
  /* Lognormal around the mean, as activity on platforms is. */
  const double sigma = 0.9, rows = mean * exp(sigma * (double)random_normal(r) - sigma * sigma / 2);
  u->rows = rows < 1 ? 1 : rows > SYNTH_USERS_ROWS_MOST ? SYNTH_USERS_ROWS_MOST : (int)rows;
}

synth_user synth_users_draw(const synth_items *items, int64_t index, double mean, int days) {
  synth_user u = {.index = index};
  random_stream r = random_open(items->seed, RANDOM_SYNTH, (uint64_t)index, STEP_USER);
  draw_likes(&u, &r);
  draw_habits(&u, mean, days, &r);
  return u;
}

/* Seven in ten visits go to what is liked, two to its neighbours in the category, one to anything. */
static int draw_cell(const synth_user *u, random_stream *r) {
  const float where = random_unit(r), which = random_unit(r);
  if (where < 0.1f) return (int)random_below(r, SYNTH_ITEMS_CELLS);
  const int liked = u->cell[which < 0.5f ? 0 : which < 0.8f ? 1 : 2];
  if (where < 0.3f) return liked / SYNTH_GROUPS * SYNTH_GROUPS + (int)random_below(r, SYNTH_GROUPS);
  return liked;
}

static int was_seen(const event *seen, int count, int64_t item) {
  for (int i = 0; i < count; i++)
    if (seen[i].item == item) return 1;
  return 0;
}

/* An item that was there at the time, more often one in a frame that pleases, less often one that was seen before; -1
 * if none came up. */
static int64_t draw_item(const synth_items *items, const synth_user *u, int64_t time, const event *seen, int count,
                         random_stream *r) {
  for (int attempt = 0; attempt < 12; attempt++) {
    const int64_t i = synth_items_draw(items, draw_cell(u, r), r);
    if (i < 0 || items->item[i].added > time) continue;
    const float pleases = (u->frames >> items->item[i].frame & 1) != 0 ? 1 : 0.35f;
    if (random_unit(r) < (was_seen(seen, count, i) ? 0.2f * pleases : pleases)) return i;
  }
  return -1;
}

static int64_t draw_time(const synth_user *u, int64_t begin, random_stream *r) {
  const int64_t day = (int64_t)(u->first_day + random_unit_f64(r) * (u->last_day - u->first_day));
  const int64_t hour = (u->hour + 24 + (int64_t)lround(2 * (double)random_normal(r))) % 24;
  return begin + day * DAY + hour * 3600 + (int64_t)random_below(r, 3600);
}

static int compare_events(const void *a, const void *b) {
  const event *x = a, *y = b;
  if (x->time != y->time) return x->time < y->time ? -1 : 1;
  if (x->item != y->item) return x->item < y->item ? -1 : 1;
  return (int)x->kind - (int)y->kind;
}

/* A look, and what may follow it within minutes: a like or a save, and where things are sold, a purchase. */
static int draw_visit(const synth_items *items, const synth_user *u, int64_t begin, event *events, int seen,
                      random_stream *r) {
  static const float liking[] = {0.18f, 0.20f, 0.22f, 0.35f}, buying[] = {0.16f, 0, 0.07f, 0};
  const int64_t time = draw_time(u, begin, r), item = draw_item(items, u, time, events, seen, r);
  const float likes = random_unit(r), buys = random_unit(r);
  if (item < 0) return 0;
  const int d = items->item[item].domain;
  event *out = events + seen;
  int count = 0;
  out[count++] = (event){time, item, KIND_VIEW};
  if (likes < liking[d])
    out[count++] = (event){time + 40, item, d == DOMAIN_SHOP || d == DOMAIN_TRAVEL ? KIND_SAVE : KIND_LIKE};
  if (buys < buying[d]) out[count++] = (event){time + 300, item, KIND_BUY};
  return count;
}

/* A row as it comes from a log that something has gone wrong with. The first byte of 0xE9 is Latin-1 among UTF-8. */
static int print_damaged(const char *time, uint32_t kind, char *out, size_t size) {
  switch (kind) {
    case 0: return snprintf(out, size, "u1,i1,2024-13-45 25:61:00,view,\n");
    case 1: return snprintf(out, size, "u1,i0,%s,view,\n", time);
    case 2: return snprintf(out, size, ",i1,%s,view,\n", time);
    case 3: return snprintf(out, size, "u1,i1,%s,buy,-5.00\n", time);
    default: return snprintf(out, size, "u1,caf\xE9,%s,view,\n", time);
  }
}

static status write_event(const synth_items *items, const synth_user *u, const event *e, random_stream *damage,
                          file_writer *w, int64_t *rows, int64_t *damaged) {
  char time[32], price[32] = "", line[256];
  clock_text(e->time, time);
  const int64_t paid = items->item[e->item].price;
  if (e->kind == KIND_BUY)
    snprintf(price, sizeof price, "%lld.%02lld", (long long)(paid / 100), (long long)(paid % 100));
  int length = snprintf(line, sizeof line, "u%lld,i%lld,%s,%s,%s\n", (long long)u->index + 1, (long long)e->item + 1,
                        time, kind_name[e->kind], price);
  TRY(file_writer_append(w, line, (size_t)length));
  *rows += 1;
  const float mishap = random_unit(damage);
  if (mishap < 0.001f) { /* sent twice */
    *rows += 1;
    return file_writer_append(w, line, (size_t)length);
  }
  if (mishap > 0.004f) return STATUS_OK;
  length = print_damaged(time, random_below(damage, 5), line, sizeof line);
  *rows += 1;
  *damaged += 1;
  return file_writer_append(w, line, (size_t)length);
}

status synth_users_write_events(const synth_items *items, const synth_user *u, int64_t begin, file_writer *w,
                                int64_t *rows, int64_t *damaged) {
  event events[SYNTH_USERS_ROWS_MOST + 2];
  random_stream r = random_open(items->seed, RANDOM_SYNTH, (uint64_t)u->index, STEP_EVENTS);
  random_stream damage = random_open(items->seed, RANDOM_SYNTH, (uint64_t)u->index, STEP_DAMAGE);
  int count = 0;
  for (int visits = 0; count < u->rows && visits < 2 * u->rows + 8; visits++)
    count += draw_visit(items, u, begin, events, count, &r);
  qsort(events, (size_t)count, sizeof *events, compare_events);
  for (int i = 0; i < count; i++) TRY(write_event(items, u, &events[i], &damage, w, rows, damaged));
  return STATUS_OK;
}
