#include "stages/ingest_cut.h"

#include "base/hash.h"
#include "base/random.h"

enum { SLICES = 4096 };

static void count_slices(const ingest_bucket *b, int64_t first, int64_t last, int64_t width, int64_t *in) {
  for (int64_t i = 0; i < b->count; i++) {
    const ingest_event *e = &b->event[i];
    if (e->held == INGEST_KEPT && e->time >= first && e->time <= last) in[(e->time - first) / width]++;
  }
}

/* The last time from which at least `goal` events lie; *with is how many do, *without how many come later. Counts fall
 * with time: each pass over the events cuts what is left of it into slices and goes on with one. */
static int64_t search(const comm *c, const ingest_events *events, int64_t first, int64_t last, int64_t goal,
                      int64_t *with, int64_t *without) {
  int64_t after = 0; /* events after `last` */
  while (first < last) {
    const int64_t width = (last - first) / SLICES + 1;
    int64_t in[SLICES] = {0};
    for (int b = 0; b < INGEST_BUCKETS; b++) count_slices(&events->bucket[b], first, last, width, in);
    comm_sum_i64(c, in, SLICES);
    int slice = SLICES - 1;
    while (slice > 0 && after + in[slice] < goal) after += in[slice--];
    const int64_t begin = first + slice * width, end = begin + width - 1;
    last = end < last ? end : last;
    first = begin;
    *with = after + in[slice];
  }
  *without = after;
  return first;
}

static void find_ends(const ingest_bucket *b, int64_t *first, int64_t *last, int64_t *total) {
  for (int64_t i = 0; i < b->count; i++) {
    const ingest_event *e = &b->event[i];
    if (e->held != INGEST_KEPT) continue;
    ++*total;
    if (e->time < *first) *first = e->time;
    if (e->time > *last) *last = e->time;
  }
}

void ingest_cut_find(const stage *s, int has_time, double share, const ingest_events *events, ingest_cut *out) {
  int64_t first = INT64_MAX, last = INT64_MIN, total = 0;
  for (int b = 0; b < INGEST_BUCKETS; b++) find_ends(&events->bucket[b], &first, &last, &total);
  comm_min_i64(s->comm, &first, 1);
  comm_max_i64(s->comm, &last, 1);
  comm_sum_i64(s->comm, &total, 1);
  *out = (ingest_cut){.now = last + 1, .time = last + 1, .events = total};
  const int64_t goal = (int64_t)(share * (double)total + 0.5);
  if (goal == 0) return;
  if (has_time && first < last) {
    int64_t with = 0, without = 0;
    const int64_t at = search(s->comm, events, first, last, goal, &with, &without);
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
