/* What the settings ask of a row of inputs.interactions, resolved once against the columns of the file. */
#ifndef STAGES_INGEST_PLAN_H
#define STAGES_INGEST_PLAN_H

#include "data/users.h"
#include "stages/ingest_source.h"

typedef enum ingest_test {
  INGEST_TEST_EQUALS,
  INGEST_TEST_PREFIX,
  INGEST_TEST_EMPTY,
  INGEST_TEST_BELOW,
  INGEST_TEST_ABOVE,
  INGEST_TEST_WITHOUT_DIGIT
} ingest_test;

/* One member of inputs.interactions.exclude. */
typedef struct ingest_exclusion {
  int column;
  ingest_test test;
  const char *column_name;
  int value_count;
  char **values;      /* [value_count], for equals and prefix */
  double bound;       /* for below and above */
  const char *reason; /* "excluded.REASON" */
} ingest_exclusion;

/* One member of events.kinds. */
typedef struct ingest_kind {
  const char *name;
  int64_t length;
  uint64_t low, high; /* ingest_names_words of a short name */
  event_meaning meaning;
  double weight;
} ingest_kind;

enum { INGEST_KINDS_MOST = 256, INGEST_EXCLUSIONS_MOST = 64 };

typedef struct ingest_plan {
  int explicit_feedback;
  int has_time;
  const char *time_format;
  double liked_from;
  int exclusion_count, kind_count;
  ingest_exclusion exclusion[INGEST_EXCLUSIONS_MOST];
  ingest_kind kind[INGEST_KINDS_MOST];
  int user, item, time, event, rating, quantity, price, weight, title; /* columns, -1: none */
} ingest_plan;

/* Local; touches no file. Fails: STATUS_SETTINGS for settings that contradict each other. */
status ingest_plan_read(const stage *s, ingest_plan *out);

/* Finds the columns in the open file. Fails: STATUS_DATA where one is missing. */
status ingest_plan_columns(ingest_plan *p, const ingest_source *input);

/* 1 if the row is to be left out for this reason. `room` holds INGEST_FIELD bytes. */
int ingest_plan_excludes(const ingest_exclusion *e, const table_row *row, char *room);

#endif
