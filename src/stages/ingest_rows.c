#include "stages/ingest_rows.h"

#include "stages/ingest_meet.h"
#include "stages/ingest_said.h"

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
  char room[INGEST_FIELD], user_room[INGEST_FIELD], item_room[INGEST_FIELD];
} reading;

/* Without the white space around it. */
typedef struct field {
  const char *text;
  int64_t length;
} field;

static status reject(reading *r, int reason) { return ingest_rejects_add(r->rejects, r->row.line, reason); }

/* What the row says about an item that no catalogue file describes. */
static status vote(reading *r, int32_t item, int64_t price) {
  ingest_rows *out = r->out;
  int32_t place = 0;
  int64_t length = 0;
  if (r->plan->title >= 0) {
    const char *title = ingest_source_field(&r->row, r->plan->title, r->room, &length);
    const item_id name = digest_item(&r->stage->key, title, (size_t)length);
    if (length > 0) {
      TRY(ingest_table_add(&out->titles, (user_id){name.high, name.low}, title, length, &place, NULL));
      const user_id pair = {(uint64_t)item, (uint64_t)place};
      TRY(ingest_table_add(&out->votes, pair, "", 0, &place, NULL));
      ingest_table_at(&out->votes, place)->tally++;
    }
  }
  if (price > 0) {
    const user_id pair = {(uint64_t)item, (uint64_t)price};
    TRY(ingest_table_add(&out->prices, pair, "", 0, &place, NULL));
    ingest_table_at(&out->prices, place)->tally++;
  }
  return STATUS_OK;
}

/* Sends the event of one row on its way. What a row says about an item that no catalogue describes is counted at once.
 */
static status keep(reading *r, const field *user, field item, const ingest_said *said) {
  ingest_event *e = ingest_meet_event(r->meet);
  ingest_event_set(e, said->time, r->row.line, said->kind, said->meaning, (int)r->held);
  e->quantity = said->quantity;
  e->value = said->value;
  e->weight = said->weight;
  if (r->catalogue == NULL) {
    TRY(ingest_meet_item(r->meet, item.text, item.length, &e->item));
    if (!r->is_list) TRY(vote(r, e->item, said->price));
    item = (field){NULL, 0};
  }
  return ingest_meet_add(r->meet, user->text, user->length, item.text, item.length);
}

static field find(reading *r, int column, char *room) {
  field f = {NULL, 0};
  f.text = ingest_source_field(&r->row, column, room, &f.length);
  return f;
}

static status read_row(reading *r) {
  r->rejects->read++;
  if (r->row.fault != TABLE_OK) return reject(r, (int)r->row.fault);
  for (int i = 0; i < r->plan->exclusion_count; i++) {
    if (!ingest_plan_excludes(&r->plan->exclusion[i], &r->row, r->room)) continue;
    if (r->held == INGEST_KEPT) r->out->excluded[i]++;
    return STATUS_OK;
  }
  ingest_said said;
  const field user = find(r, r->plan->user, r->user_room), item = find(r, r->plan->item, r->item_room);
  if (user.length == 0) return reject(r, INGEST_NO_USER);
  if (item.length == 0) return reject(r, INGEST_NO_ITEM);
  const int reason = ingest_said_read(r->plan, &r->row, r->room, &said);
  return reason != TABLE_OK ? reject(r, reason) : keep(r, &user, item, &said);
}

/* `user item item …`: each item is a row; a user alone, or a line that cannot be read, is one too. */
static status read_list(reading *r) {
  r->rejects->read += r->row.count > 1 && r->row.fault == TABLE_OK ? r->row.count - 1 : 1;
  if (r->row.fault != TABLE_OK) return reject(r, (int)r->row.fault);
  if (r->row.count < 2) return reject(r, INGEST_NO_ITEM);
  const ingest_said said = ingest_said_nothing(r->plan);
  const field user = find(r, r->plan->user, r->user_room);
  for (int i = 1; i < r->row.count; i++) {
    const field item = find(r, i, r->item_room);
    TRY(item.length == 0 ? reject(r, INGEST_NO_ITEM) : keep(r, &user, item, &said));
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
    int64_t *first = &r->out->first_line[r->held == INGEST_TESTED];
    if (*first == 0) *first = r->row.line;
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

static status resolve(ingest_rows *rows, const catalogue *c, ingest_bucket *b) {
  int64_t kept = 0;
  for (int64_t i = 0; i < b->count; i++) {
    ingest_event *e = &b->event[i];
    const user_id key = ingest_table_at(&rows->items, e->item)->key;
    const item_row row = catalogue_find(c, (item_id){key.high, key.low});
    if (row < 0) {
      --*ingest_rows_tally(rows, e->user);
      TRY(ingest_rejects_add(e->held == INGEST_TESTED ? &rows->test : &rows->rejects, ingest_event_line(e),
                             INGEST_NO_TITLE));
      continue;
    }
    b->event[kept] = *e;
    b->event[kept++].item = row;
  }
  rows->events.count -= b->count - kept;
  b->count = kept;
  return STATUS_OK;
}

status ingest_rows_resolve(ingest_rows *rows, const catalogue *c) {
  for (int bucket = 0; bucket < INGEST_BUCKETS; bucket++) TRY(resolve(rows, c, &rows->events.bucket[bucket]));
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
