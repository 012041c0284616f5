#include "stages/ingest_rows.h"

#include <math.h>
#include <string.h>

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
  table_row row;
  char room[INGEST_FIELD];
  int64_t price; /* of the row at hand, in hundredths, or CATALOGUE_NO_PRICE */
} reading;

static status reject(reading *r, int reason) { return ingest_rejects_add(r->rejects, r->row.line, reason); }

static int parse_number(const char *field, double *out) {
  return ingest_number_parse(field, out) && fabs(*out) <= number_most;
}

/* 0 if the column is there, filled, and not a number. */
static int read_number(reading *r, int column, double *out) {
  int64_t length = 0;
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

/* The item of field `column`: its place or row in e->item. *reason is not TABLE_OK if it has none. */
static status read_item(reading *r, int column, ingest_event *e, int *reason) {
  int64_t length = 0;
  const char *name = ingest_source_field(&r->row, column, r->room, &length);
  *reason = length == 0 ? (int)INGEST_NO_ITEM : (int)TABLE_OK;
  if (length == 0) return STATUS_OK;
  const item_id id = digest_item(&r->stage->key, name, (size_t)length);
  if (r->catalogue == NULL)
    return ingest_table_add(&r->out->items, (user_id){id.high, id.low}, name, length, &e->item, NULL);
  e->item = catalogue_find(r->catalogue, id);
  if (e->item < 0) *reason = INGEST_UNKNOWN_ITEM;
  return STATUS_OK;
}

static status keep(reading *r, ingest_event *e) {
  int64_t length = 0;
  const char *name = ingest_source_field(&r->row, r->plan->user, r->room, &length);
  const user_id id = digest_user(&r->stage->key, name, (size_t)length);
  TRY(ingest_table_add(&r->out->users, id, name, length, &e->user, NULL));
  e->line = r->row.line;
  e->source = r->stage->comm->rank;
  e->held = (uint8_t)r->held;
  return ingest_buffer_add(&r->out->events, e, sizeof *e);
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
  int reason = read_event(r, &e);
  if (reason != TABLE_OK) return reject(r, reason);
  TRY(read_item(r, r->plan->item, &e, &reason));
  if (reason != TABLE_OK) return reject(r, reason);
  if (r->catalogue == NULL) TRY(vote(r, &e));
  return keep(r, &e);
}

/* `user item item …`: each item is a row; a user alone, or a line that cannot be read, is one too. */
static status read_list(reading *r) {
  r->rejects->read += r->row.count > 1 && r->row.fault == TABLE_OK ? r->row.count - 1 : 1;
  if (r->row.fault != TABLE_OK) return reject(r, (int)r->row.fault);
  if (r->row.count < 2) return reject(r, INGEST_NO_ITEM);
  const ingest_kind *kind = &r->plan->kind[0];
  for (int i = 1; i < r->row.count; i++) {
    ingest_event e = {.quantity = 1, .weight = (float)kind->weight, .meaning = (uint8_t)kind->meaning};
    int reason = TABLE_OK;
    TRY(read_item(r, i, &e, &reason));
    if (reason != TABLE_OK)
      TRY(reject(r, reason));
    else
      TRY(keep(r, &e));
  }
  return STATUS_OK;
}

static status read_all(ingest_source *input, ingest_plan *p, reading *r) {
  TRY(ingest_source_open(input, r->stage->comm->rank, r->stage->comm->size));
  TRY(ingest_plan_columns(p, input));
  for (;;) {
    int more = 0;
    TRY(table_reader_next(input->reader, &r->row, &more));
    if (!more) return STATUS_OK;
    TRY(input->format == TABLE_LIST ? read_list(r) : read_row(r));
  }
}

static status read_file(const stage *s, ingest_source *input, ingest_plan *p, const catalogue *c, ingest_held held,
                        ingest_rejects *rejects, ingest_rows *out) {
  reading *r = NULL;
  rejects->path = input->path;
  TRY(ARENA(s->arena, 1, &r));
  *r = (reading){.stage = s, .plan = p, .catalogue = c, .out = out, .rejects = rejects, .held = held};
  const status result = read_all(input, p, r);
  ingest_source_close(input);
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

status ingest_rows_resolve(ingest_rows *rows, const catalogue *c) {
  ingest_event *events = (void *)rows->events.bytes;
  const int64_t count = ingest_rows_count(rows);
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) {
    const user_id key = ingest_table_at(&rows->items, events[i].item)->key;
    const item_row row = catalogue_find(c, (item_id){key.high, key.low});
    if (row < 0) {
      TRY(ingest_rejects_add(events[i].held == INGEST_TESTED ? &rows->test : &rows->rejects, events[i].line,
                             INGEST_NO_TITLE));
      continue;
    }
    events[kept] = events[i];
    events[kept++].item = row;
  }
  rows->events.used = kept * (int64_t)sizeof *events;
  return STATUS_OK;
}

void ingest_rows_free(ingest_rows *rows) {
  ingest_rejects_free(&rows->rejects);
  ingest_rejects_free(&rows->test);
  ingest_buffer_free(&rows->events);
  ingest_table_free(&rows->users);
  ingest_table_free(&rows->items);
  ingest_table_free(&rows->titles);
  ingest_table_free(&rows->votes);
  ingest_table_free(&rows->prices);
}
