#include "stages/ingest_said.h"

#include <math.h>
#include <string.h>

#include "data/catalogue.h"
#include "stages/ingest_names.h"
#include "stages/ingest_number.h"
#include "stages/ingest_rejects.h"
#include "stages/ingest_time.h"

/* Larger quantities, weights and ratings are typing errors; their squares would leave the range of a float. */
static const double number_most = 1e9;

/* One row on its way. */
typedef struct looking {
  const ingest_plan *plan;
  const table_row *row;
  char *room;
} looking;

static int parse_number(const char *field, double *out) {
  return ingest_number_parse(field, out) && fabs(*out) <= number_most;
}

/* 0 if the column is there, filled, and not a number. */
static int read_number(const looking *l, int column, double *out) {
  int64_t length = 0;
  if (column < 0) return 1;
  const char *field = ingest_source_field(l->row, column, l->room, &length);
  return length == 0 || parse_number(field, out);
}

static int is_kind(const ingest_kind *k, const char *field, int64_t length, uint64_t low, uint64_t high) {
  if (k->length != length) return 0;
  if (length <= INGEST_NAME_SHORT) return k->low == low && k->high == high;
  return memcmp(k->name, field, (size_t)length) == 0;
}

static int read_kind(const looking *l, ingest_said *out) {
  const ingest_plan *p = l->plan;
  if (p->event < 0) return 1;
  int64_t length = 0;
  uint64_t low = 0, high = 0;
  const char *field = ingest_source_field(l->row, p->event, l->room, &length);
  if (length <= INGEST_NAME_SHORT) ingest_names_words(field, length, &low, &high);
  for (int i = 0; i < p->kind_count; i++) {
    if (!is_kind(&p->kind[i], field, length, low, high)) continue;
    out->kind = (uint8_t)i;
    return 1;
  }
  return 0;
}

/* The price, where it is given, in hundredths. */
static int read_price(const looking *l, int64_t *price) {
  int64_t length = 0;
  *price = CATALOGUE_NO_PRICE;
  if (l->plan->price < 0) return 1;
  const char *text = ingest_source_field(l->row, l->plan->price, l->room, &length);
  return length == 0 || (ingest_number_price(text, price) && *price >= 0);
}

/* Quantity, price, rating and weight: what the event is worth. */
static int read_worth(const looking *l, ingest_said *out) {
  const ingest_plan *p = l->plan;
  const ingest_kind *kind = &p->kind[out->kind];
  double quantity = 1, weight = 1, rating = 0;
  int64_t length = 0;
  if (!read_number(l, p->quantity, &quantity) || quantity < 0) return INGEST_BAD_NUMBER;
  if (!read_number(l, p->weight, &weight)) return INGEST_BAD_NUMBER;
  if (weight < 0) return INGEST_NEGATIVE_WEIGHT;
  const char *text = ingest_source_field(l->row, p->rating, l->room, &length);
  const int is_rated = length > 0;
  if (is_rated ? !parse_number(text, &rating) : p->explicit_feedback) return INGEST_BAD_NUMBER;
  if (!read_price(l, &out->price)) return INGEST_BAD_NUMBER;

  out->quantity = (float)quantity;
  out->value = (float)(out->price >= 0 ? (double)out->price / 100 * quantity : rating);
  out->weight = (float)(kind->weight * weight);
  out->meaning = (uint8_t)kind->meaning;
  if (is_rated && kind->meaning != EVENT_BOUGHT) out->meaning = rating >= p->liked_from ? EVENT_LIKED : EVENT_VIEWED;
  if (p->explicit_feedback) out->weight = out->value = (float)rating;
  return TABLE_OK;
}

int ingest_said_read(const ingest_plan *p, const table_row *row, char *room, ingest_said *out) {
  const looking l = {p, row, room};
  int64_t length = 0;
  *out = (ingest_said){.time = 0};
  if (p->time >= 0) {
    const char *time = ingest_source_field(row, p->time, room, &length);
    if (!ingest_time_parse(p->time_format, time, length, &out->time)) return INGEST_BAD_TIME;
    if (out->time < 0 || out->time >= INGEST_TIME_END) return INGEST_BAD_TIME;
  }
  if (!read_kind(&l, out)) return INGEST_UNKNOWN_KIND;
  return read_worth(&l, out);
}

ingest_said ingest_said_nothing(const ingest_plan *p) {
  const ingest_kind *kind = &p->kind[0];
  return (ingest_said){
      .price = CATALOGUE_NO_PRICE, .quantity = 1, .weight = (float)kind->weight, .meaning = (uint8_t)kind->meaning};
}
