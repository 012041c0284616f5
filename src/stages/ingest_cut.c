#include "stages/ingest_cut.h"

#include "base/hash.h"
#include "base/random.h"

static int64_t count_from(const comm *c, const ingest_event *events, int64_t count, int64_t time) {
  int64_t n = 0;
  for (int64_t i = 0; i < count; i++) n += events[i].held == INGEST_KEPT && events[i].time >= time;
  comm_sum_i64(c, &n, 1);
  return n;
}

/* The last time from which at least `goal` events lie. Counts fall with time, so halving finds it. */
static int64_t bisect(const comm *c, const ingest_event *events, int64_t count, int64_t first, int64_t last,
                      int64_t goal) {
  while (first < last) {
    const int64_t middle = first + (last - first + 1) / 2;
    if (count_from(c, events, count, middle) >= goal)
      first = middle;
    else
      last = middle - 1;
  }
  return first;
}

void ingest_cut_find(const stage *s, int has_time, double share, const ingest_event *events, int64_t count,
                     ingest_cut *out) {
  int64_t first = INT64_MAX, last = INT64_MIN, total = 0;
  for (int64_t i = 0; i < count; i++) {
    if (events[i].held != INGEST_KEPT) continue;
    total++;
    if (events[i].time < first) first = events[i].time;
    if (events[i].time > last) last = events[i].time;
  }
  comm_min_i64(s->comm, &first, 1);
  comm_max_i64(s->comm, &last, 1);
  comm_sum_i64(s->comm, &total, 1);
  *out = (ingest_cut){.now = last + 1, .time = last + 1, .events = total};
  const int64_t goal = (int64_t)(share * (double)total + 0.5);
  if (goal == 0) return;
  if (has_time && first < last) {
    const int64_t at = bisect(s->comm, events, count, first, last, goal);
    const int64_t with = count_from(s->comm, events, count, at), without = count_from(s->comm, events, count, at + 1);
    const int64_t time = with - goal <= goal - without ? at : at + 1;
    if (time > first && time <= last) {
      out->time = time;
      return;
    }
  }
  out->share = share;
}

double ingest_cut_draw(uint64_t seed, ingest_cut_draws draws, user_id user, item_id item) {
  random_stream r = random_open(seed, RANDOM_SPLIT, user.high ^ hash_mix(item.high), (uint32_t)draws);
  return random_unit_f64(&r);
}
