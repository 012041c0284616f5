#include "stages/ingest_rows.h"

#include <math.h>
#include <string.h>

#include "stages/ingest_meet.h"
#include "stages/ingest_number.h"
#include "stages/ingest_time.h"

/* Times outside of 1970 to 2199 are typing errors. */
static const int64_t last_time = 7258118400;

/* So are larger quantities, weights and ratings; and their squares would leave the range of a float. */
static const double number_most = 1e9;

typedef struct reading {
  const stage *stage;
  const ingest_plan *plan;
  const catalogue *catalogue;
  ingest_rows *out;
  ingest_rejects *rejects; /* of the file at hand */
  ingest_held held;
  ingest_meet *meet;
  int is_list;
  table_row row;
  char room[INGEST_FIELD], user[INGEST_FIELD];
  int64_t price; /* of the row at hand, in hundredths, or CATALOGUE_NO_PRICE */
} reading;

static status reject(reading *r, int reason) { return ingest_rejects_add(r->rejects, r->row.line, reason); }

static int parse_number(const char *field, double *out) {
  return ingest_number_parse(field, out) && fabs(*out) <= number_most;
}

/* 0 if the column is there, filled, and not a number. */
static int read_number(reading *r, int column, double *out) {
  int64_t length = 0;
  if (column < 0) return 1;
  const char *field = ingest_source_field(&r->row, column, r->room, &length);
  return length == 0 || parse_number(field, out);
}

static int read_kind(reading *r, ingest_event *e) {
  const ingest_plan *p = r->plan;
  if (p->event < 0) return 1;
  int64_t length = 0;
  const char *field = ingest_source_field(&r->row, p->event, r->room, &length);
  for (int i = 0; i < p->kind_count; i++) {
    if (strcmp(field, p->kind[i].name) != 0) continue;
    e->kind = (uint8_t)i;
    return 1;
  }
  return 0;
}

/* Quantity, price, rating and weight: what the event is worth. Returns a reason, or TABLE_OK. */
static int read_worth(reading *r, ingest_event *e) {
  const ingest_plan *p = r->plan;
  const ingest_kind *kind = &p->kind[e->kind];
  double quantity = 1, weight = 1, rating = 0;
  int64_t length = 0;
  if (!read_number(r, p->quantity, &quantity) || quantity < 0) return INGEST_BAD_NUMBER;
  if (!read_number(r, p->weight, &weight)) return INGEST_BAD_NUMBER;
  if (weight < 0) return INGEST_NEGATIVE_WEIGHT;
  const char *text = ingest_source_field(&r->row, p->rating, r->room, &length);
  const int is_rated = length > 0;
  if (is_rated ? !parse_number(text, &rating) : p->explicit_feedback) return INGEST_BAD_NUMBER;
  text = ingest_source_field(&r->row, p->price, r->room, &length);
  r->price = CATALOGUE_NO_PRICE;
  if (length > 0 && (!ingest_number_price(text, &r->price) || r->price < 0)) return INGEST_BAD_NUMBER;

  e->quantity = quantity;
  e->value = (float)(r->price >= 0 ? (double)r->price / 100 * quantity : rating);
  e->weight = (float)(kind->weight * weight);
  e->meaning = (uint8_t)kind->meaning;
  if (is_rated && kind->meaning != EVENT_BOUGHT) e->meaning = rating >= p->liked_from ? EVENT_LIKED : EVENT_VIEWED;
  if (p->explicit_feedback) e->weight = e->value = (float)rating;
  return TABLE_OK;
}

/* What the row says about an item that no catalogue file describes. */
static status vote(reading *r, const ingest_event *e) {
  ingest_rows *out = r->out;
  int32_t place = 0;
  int64_t length = 0;
  if (r->plan->title >= 0) {
    const char *title = ingest_source_field(&r->row, r->plan->title, r->room, &length);
    const item_id name = digest_item(&r->stage->key, title, (size_t)length);
    if (length > 0) {
      TRY(ingest_table_add(&out->titles, (user_id){name.high, name.low}, title, length, &place, NULL));
      const user_id pair = {(uint64_t)e->item, (uint64_t)place};
      TRY(ingest_table_add(&out->votes, pair, "", 0, &place, NULL));
      ingest_table_at(&out->votes, place)->tally++;
    }
  }
  if (r->price > 0) {
    const user_id pair = {(uint64_t)e->item, (uint64_t)r->price};
    TRY(ingest_table_add(&out->prices, pair, "", 0, &place, NULL));
    ingest_table_at(&out->prices, place)->tally++;
  }
  return STATUS_OK;
}

/* Sends the event of one row on its way; `column` is that of its item. What a row says about an item that no catalogue
 * describes is counted at once. */
static status keep(reading *r, int column, ingest_event *e) {
  int64_t user_length = 0, length = 0;
  const char *item = ingest_source_field(&r->row, column, r->room, &length);
  if (length == 0) return reject(r, INGEST_NO_ITEM);
  e->line = r->row.line;
  e->source = r->stage->comm->rank;
  e->held = (uint8_t)r->held;
  if (r->catalogue == NULL) {
    TRY(ingest_meet_item(r->meet, item, length, &e->item));
    if (!r->is_list) TRY(vote(r, e));
    item = NULL;
    length = 0;
  }
  const char *user = ingest_source_field(&r->row, r->plan->user, r->user, &user_length);
  return ingest_meet_add(r->meet, e, user, user_length, item, length);
}

/* Everything but user and item; returns a reason, or TABLE_OK. */
static int read_event(reading *r, ingest_event *e) {
  const ingest_plan *p = r->plan;
  int64_t length = 0;
  ingest_source_field(&r->row, p->user, r->room, &length);
  if (length == 0) return INGEST_NO_USER;
  ingest_source_field(&r->row, p->item, r->room, &length);
  if (length == 0) return INGEST_NO_ITEM;
  if (p->time >= 0) {
    const char *time = ingest_source_field(&r->row, p->time, r->room, &length);
    if (!ingest_time_parse(p->time_format, time, &e->time) || e->time < 0 || e->time >= last_time)
      return INGEST_BAD_TIME;
  }
  if (!read_kind(r, e)) return INGEST_UNKNOWN_KIND;
  return read_worth(r, e);
}

static status read_row(reading *r) {
  r->rejects->read++;
  if (r->row.fault != TABLE_OK) return reject(r, (int)r->row.fault);
  for (int i = 0; i < r->plan->exclusion_count; i++) {
    if (!ingest_plan_excludes(&r->plan->exclusion[i], &r->row, r->room)) continue;
    if (r->held == INGEST_KEPT) r->out->excluded[i]++;
    return STATUS_OK;
  }
  ingest_event e = {0};
  const int reason = read_event(r, &e);
  return reason != TABLE_OK ? reject(r, reason) : keep(r, r->plan->item, &e);
}

/* `user item item …`: each item is a row; a user alone, or a line that cannot be read, is one too. */
static status read_list(reading *r) {
  r->rejects->read += r->row.count > 1 && r->row.fault == TABLE_OK ? r->row.count - 1 : 1;
  if (r->row.fault != TABLE_OK) return reject(r, (int)r->row.fault);
  if (r->row.count < 2) return reject(r, INGEST_NO_ITEM);
  const ingest_kind *kind = &r->plan->kind[0];
  for (int i = 1; i < r->row.count; i++) {
    ingest_event e = {.quantity = 1, .weight = (float)kind->weight, .meaning = (uint8_t)kind->meaning};
    TRY(keep(r, i, &e));
  }
  return STATUS_OK;
}

static status read_all(ingest_source *input, ingest_plan *p, reading *r) {
  TRY(ingest_source_open(input, r->stage->comm->rank, r->stage->comm->size));
  TRY(ingest_plan_columns(p, input));
  for (;;) {
    int more = 0;
    TRY(table_reader_next(input->reader, &r->row, &more));
    if (!more) return ingest_meet_end(r->meet);
    TRY(r->is_list ? read_list(r) : read_row(r));
  }
}

static status read_file(const stage *s, ingest_source *input, ingest_plan *p, const catalogue *c, ingest_held held,
                        ingest_rejects *rejects, ingest_rows *out) {
  reading *r = NULL;
  rejects->path = input->path;
  TRY(ARENA(s->arena, 1, &r));
  *r = (reading){.stage = s, .plan = p, .catalogue = c, .out = out, .rejects = rejects, .held = held};
  r->is_list = input->format == TABLE_LIST;
  TRY(ingest_meet_open(&s->key, c, rejects, out, s->arena, &r->meet));
  const status result = read_all(input, p, r);
  ingest_source_close(input);
  ingest_meet_close(r->meet);
  return result;
}

status ingest_rows_read(const stage *s, ingest_plan *p, const catalogue *c, ingest_rows *out) {
  ingest_source input;
  TRY(ingest_source_find(s, "inputs.interactions", &input));
  return read_file(s, &input, p, c, INGEST_KEPT, &out->rejects, out);
}

status ingest_rows_read_test(const stage *s, const ingest_plan *p, const catalogue *c, ingest_rows *out) {
  const int format = settings_choice(s->settings, "inputs.test.format");
  ingest_plan *own = NULL; /* the columns may stand elsewhere */
  ingest_source input;
  TRY(ARENA(s->arena, 1, &own));
  *own = *p;
  TRY(ingest_source_find(s, "inputs.interactions", &input));
  input.path = settings_text(s->settings, "inputs.test.path");
  if (format > 0) input.format = (table_format)(format - 1);
  return read_file(s, &input, own, c, INGEST_TESTED, &out->test, out);
}

/* Of one chunk. */
static status resolve(ingest_rows *rows, const catalogue *c, ingest_chunk *chunk) {
  int64_t kept = 0;
  for (int64_t i = 0; i < chunk->count; i++) {
    ingest_event *e = &chunk->event[i];
    const user_id key = ingest_table_at(&rows->items, e->item)->key;
    const item_row row = catalogue_find(c, (item_id){key.high, key.low});
    if (row < 0) {
      --*ingest_rows_tally(rows, e->user);
      TRY(ingest_rejects_add(e->held == INGEST_TESTED ? &rows->test : &rows->rejects, e->line, INGEST_NO_TITLE));
      continue;
    }
    chunk->event[kept] = *e;
    chunk->event[kept++].item = row;
  }
  rows->events.count -= chunk->count - kept;
  chunk->count = kept;
  return STATUS_OK;
}

status ingest_rows_resolve(ingest_rows *rows, const catalogue *c) {
  for (int bucket = 0; bucket < INGEST_BUCKETS; bucket++)
    for (ingest_chunk *chunk = rows->events.first[bucket]; chunk != NULL; chunk = chunk->next)
      TRY(resolve(rows, c, chunk));
  return STATUS_OK;
}

void ingest_rows_free(ingest_rows *rows) {
  ingest_rejects_free(&rows->rejects);
  ingest_rejects_free(&rows->test);
  ingest_events_free(&rows->events);
  ingest_buffer_free(&rows->tally);
  ingest_table_free(&rows->users);
  ingest_table_free(&rows->items);
  ingest_table_free(&rows->titles);
  ingest_table_free(&rows->votes);
  ingest_table_free(&rows->prices);
}
