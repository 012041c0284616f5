#include "stages/plan_events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "stages/plan_sketch.h"

enum { SEEN = 1, TARGETED = 2 };

typedef struct sketches {
  plan_sketch users, items, pairs, events;
} sketches;

static uint64_t joined(uint64_t a, uint64_t b) { return hash_mix(a ^ hash_mix(b + 0x9E3779B97F4A7C15u)); }

static void add(sketches *s, const ingest_event *e) {
  const uint64_t user = joined((uint64_t)e->user, 1), pair = joined(user, (uint64_t)e->item);
  plan_sketch_add(&s->users, user);
  plan_sketch_add(&s->items, joined((uint64_t)e->item, 2));
  plan_sketch_add(&s->pairs, pair);
  plan_sketch_add(&s->events, joined(joined(pair, (uint64_t)e->time),
                                     (uint64_t)e->kind ^ (uint64_t)(int64_t)(e->quantity * 1000.0F)));
}

static int by_line(const void *a, const void *b) {
  const ingest_event *x = a, *y = b;
  const int64_t a_line = ingest_event_line(x), b_line = ingest_event_line(y);
  return (a_line > b_line) - (a_line < b_line);
}

/* The events as they stand in the file. */
static status list_events(const plan_events *from, arena *a, ingest_event **out) {
  int64_t at = 0;
  TRY(ARENA(a, ingest_rows_count(&from->read), out));
  for (int bucket = 0; bucket < INGEST_BUCKETS; bucket++) {
    const ingest_bucket *b = &from->read.events.bucket[bucket];
    if (b->count > 0) memcpy(*out + at, b->event, (size_t)b->count * sizeof **out);
    at += b->count;
  }
  qsort(*out, (size_t)at, sizeof **out, by_line);
  return STATUS_OK;
}

static void count(const ingest_event *e, plan_events *out, sketches *s) {
  const int64_t total = ingest_rows_count(&out->read);
  for (int64_t i = 0; i < total; i++) {
    add(s, &e[i]);
    if (i != total / 2 - 1) continue;
    out->half_users = plan_sketch_count(&s->users);
    out->half_items = plan_sketch_count(&s->items);
    out->half_pairs = plan_sketch_count(&s->pairs);
  }
  /* Never more than there were to begin with; the tables know users and items exactly. */
  out->events = fmin((double)total, plan_sketch_count(&s->events));
  if (out->events > 0.985 * (double)total) out->events = (double)total;
  out->pairs = fmin(out->events, plan_sketch_count(&s->pairs));
  out->users = fmin((double)out->read.users.count, plan_sketch_count(&s->users) * 1.02);
  out->items = plan_sketch_count(&s->items);
}

static int by_time(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* Users with events on both sides of the validation cut. Without times a share of the pairs is drawn. */
static status judge(const stage *s, int has_time, const ingest_event *e, arena *a, plan_events *out) {
  const double share = settings_real(s->settings, "events.validation_share");
  const int64_t total = ingest_rows_count(&out->read);
  out->targets = share * out->pairs;
  if (!has_time) {
    const double own = out->pairs / fmax(1, out->users);
    out->judged = share > 0 ? out->users * (1 - pow(1 - share, own)) : 0;
    return STATUS_OK;
  }
  int64_t *time = NULL;
  uint8_t *side = NULL;
  TRY(ARENA(a, total, &time));
  TRY(ARENA(a, out->read.users.count, &side));
  for (int64_t i = 0; i < total; i++) time[i] = e[i].time;
  qsort(time, (size_t)total, sizeof *time, by_time);
  const int64_t cut = time[(int64_t)((1 - share) * (double)(total - 1))];
  for (int64_t i = 0; i < total; i++) side[e[i].user] |= e[i].time < cut ? SEEN : TARGETED;
  for (int64_t i = 0; i < out->read.users.count && share > 0; i++) out->judged += side[i] == (SEEN | TARGETED);
  return STATUS_OK;
}

static status look(const stage *s, int has_time, plan_events *out) {
  arena a = {0};
  sketches *four = NULL;
  ingest_event *events = NULL;
  status result = ARENA(&a, 1, &four);
  if (result == STATUS_OK) result = list_events(out, &a, &events);
  if (result == STATUS_OK) {
    count(events, out, four);
    result = judge(s, has_time, events, &a, out);
  }
  arena_free(&a);
  return result;
}

status plan_events_read(const stage *s, const catalogue *c, int ranges, plan_events *out) {
  const comm part = {.rank = 0, .size = ranges};
  stage reader = *s;
  ingest_plan *plan = NULL;
  reader.comm = &part;
  TRY(ARENA(s->arena, 1, &plan));
  TRY(ingest_plan_read(s, plan));
  const double began = clock_cpu();
  TRY(ingest_rows_read(&reader, plan, c, &out->read));
  out->seconds = clock_cpu() - began;
  out->rows = (double)out->read.rejects.read;
  const int64_t total = ingest_rows_count(&out->read);
  if (total == 0)
    return status_fail(
        STATUS_DATA,
        "%s: none of %.0f rows can be used; look at inputs.interactions.columns, .exclude and events.kinds",
        out->read.rejects.path, out->rows);
  out->user_name = (double)out->read.users.names.used / (double)out->read.users.count;
  return look(s, plan->has_time, out);
}

void plan_events_extrapolate(const plan_events *e, double rows, plan_numbers *n) {
  const double times = rows / fmax(1, e->rows);
  n->rows = rows;
  n->events = e->events * times;
  n->user_name = e->user_name;
  n->users = plan_sketch_extrapolate(e->half_users, e->users, 1, times);
  n->pairs = fmin(n->events, plan_sketch_extrapolate(e->half_pairs, e->pairs, 1, times));
  n->targets = e->targets * n->pairs / fmax(1, e->pairs);
  n->judged = e->judged * n->users / fmax(1, e->users);
  if (n->catalogue_bytes > 0) return;
  n->items = plan_sketch_extrapolate(e->half_items, e->items, 1, times);
  const double more = n->items / fmax(1, e->items);
  n->titles = (double)e->read.titles.count * more;
  n->votes = (double)e->read.votes.count * more;
  n->prices = (double)e->read.prices.count * more;
  n->item_text = e->read.titles.count > 0 ? 2.0 * (double)e->read.titles.names.used / (double)e->read.titles.count : 24;
}

void plan_events_free(plan_events *e) { ingest_rows_free(&e->read); }
