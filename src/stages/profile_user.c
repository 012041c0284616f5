#include "stages/profile_user.h"

#include <string.h>

#include "stages/item_words.h"

enum { WIDTH_MOST = 1024 };

status profile_user_create(const words *w, int explicit_feedback, int has_time, int64_t now, arena *a,
                           profile_user **out) {
  TRY(ARENA(a, 1, out));
  **out = (profile_user){.words = w, .explicit_feedback = explicit_feedback, .has_time = has_time, .now = now};
  TRY(ARENA(a, w->count, &(*out)->sum));
  return ARENA(a, w->count, &(*out)->touched);
}

status profile_user_take(arena *a, int32_t count, profiles *out) {
  *out = (profiles){.count = count};
  TRY(ARENA(a, (int64_t)count * PROFILE_KEYWORDS, &out->keyword));
  TRY(ARENA(a, (int64_t)count * PROFILE_KEYWORDS, &out->keyword_weight));
  TRY(ARENA(a, count, &out->segment));
  TRY(ARENA(a, count, &out->recency));
  TRY(ARENA(a, count, &out->frequency));
  TRY(ARENA(a, count, &out->value));
  return ARENA(a, count, &out->hour);
}

/* Items ascend, so sums have one order. */
static void add_words(profile_user *p, const users *u, user_row user) {
  const words *w = p->words;
  const unsigned liked = (1u << EVENT_LIKED) | (1u << EVENT_BOUGHT);
  for (int64_t i = u->offset[user]; i < u->offset[user + 1]; i++) {
    const double weight = p->explicit_feedback ? (u->meanings[i] & liked) != 0 : (double)u->weight[i];
    if (weight <= 0) continue;
    for (int64_t j = w->item_offset[u->item[i]]; j < w->item_offset[u->item[i] + 1]; j++) {
      const int32_t word = w->item_word[j];
      if (p->sum[word] <= 0) p->touched[p->touched_count++] = word;
      p->sum[word] += weight;
    }
  }
}

/* Does word `a` with weight `x` stand before word `b` with `y`? */
static int is_before(double x, int32_t a, double y, int32_t b) { return x > y || (!(x < y) && a < b); }

static void choose_keywords(const profile_user *p, int spoken, int32_t *keyword, float *weight) {
  double best[PROFILE_KEYWORDS];
  int count = 0;
  for (int k = 0; k < PROFILE_KEYWORDS; k++) keyword[k] = -1;
  for (int32_t i = 0; i < p->touched_count; i++) {
    const int32_t word = p->touched[i];
    if (p->words->language[word] != spoken) continue;
    const double value = p->sum[word] * (double)p->words->idf[word];
    int at = count < PROFILE_KEYWORDS ? count++ : PROFILE_KEYWORDS;
    while (at > 0 && is_before(value, word, best[at - 1], keyword[at - 1])) {
      if (at < PROFILE_KEYWORDS) {
        best[at] = best[at - 1];
        keyword[at] = keyword[at - 1];
      }
      at--;
    }
    if (at == PROFILE_KEYWORDS) continue;
    best[at] = value;
    keyword[at] = word;
  }
  for (int k = 0; k < count; k++) weight[k] = (float)best[k];
}

static void hash_words(profile_user *p, int width, float *vector) {
  double sums[WIDTH_MOST] = {0};
  for (int32_t i = 0; i < p->touched_count; i++)
    item_words_hash(p->words, p->touched[i], p->sum[p->touched[i]], width, sums);
  item_words_unit(sums, width, vector);
}

static uint8_t busiest_hour(const profile_user *p, const users *u, user_row user) {
  int64_t hours[PROFILE_HOURS] = {0};
  int best = 0;
  if (!p->has_time || u->event_offset[user] == u->event_offset[user + 1]) return PROFILE_NO_HOUR;
  for (int64_t i = u->event_offset[user]; i < u->event_offset[user + 1]; i++)
    hours[u->event_time[i] / 3600 % PROFILE_HOURS]++;
  for (int h = 1; h < PROFILE_HOURS; h++)
    if (hours[h] > hours[best]) best = h;
  return (uint8_t)best;
}

static void fill_behaviour(const profile_user *p, const users *u, user_row user, profiles *out) {
  const int64_t from = u->event_offset[user], to = u->event_offset[user + 1];
  out->recency[user] = to > from ? (float)((double)(p->now - u->event_time[to - 1]) / 86400) : -1;
  out->frequency[user] = to - from < INT32_MAX ? (int32_t)(to - from) : INT32_MAX;
  for (int64_t i = from; i < to; i++)
    if (u->event_meaning[i] == EVENT_BOUGHT) out->value[user] += (double)u->event_value[i];
  out->hour[user] = busiest_hour(p, u, user);
}

void profile_user_fill(profile_user *p, const users *u, user_row user, profiles *out, int width, float *vector) {
  add_words(p, u, user);
  choose_keywords(p, u->language[user], out->keyword + (int64_t)user * PROFILE_KEYWORDS,
                  out->keyword_weight + (int64_t)user * PROFILE_KEYWORDS);
  hash_words(p, width, vector);
  fill_behaviour(p, u, user, out);
  for (int32_t i = 0; i < p->touched_count; i++) p->sum[p->touched[i]] = 0;
  p->touched_count = 0;
}
