#include "stages/bench_csv.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "io/file.h"
#include "stages/bench_matrix.h"

enum { MINUTES_A_DAY = 1440, ROW_MOST = 96 };

/* An event of the matrix: its place among all entries, and its user. */
typedef struct place {
  int32_t user;
  int64_t entry;
} place;

/* Events fall on minutes evenly. Which one is drawn from the user's own stream, so that a user's events are drawn twice
 * and need no memory between. */
static uint32_t minute_of(random_stream *r, const bench_csv *m) {
  return random_below(r, (uint32_t)(m->days * MINUTES_A_DAY));
}

static random_stream minutes_of(const bench_csv *m, int32_t user) {
  return random_open((uint64_t)m->seed, RANDOM_SYNTH, (uint64_t)user, UINT32_MAX);
}

/* Entries by minute; of one minute, as they stand in the matrix. *start [minutes + 1]. */
static status order_by_time(const bench_csv *m, const bench_matrix *x, arena *a, place **out, int64_t **start) {
  const int64_t minutes = m->days * MINUTES_A_DAY;
  int64_t *next = NULL;
  TRY(ARENA(a, x->offset[x->rows], out));
  TRY(ARENA(a, minutes + 1, start));
  TRY(ARENA(a, minutes, &next));
  for (int32_t u = 0; u < x->rows; u++) {
    random_stream r = minutes_of(m, u);
    for (int64_t j = x->offset[u]; j < x->offset[u + 1]; j++) (*start)[minute_of(&r, m) + 1]++;
  }
  for (int64_t i = 0; i < minutes; i++) {
    (*start)[i + 1] += (*start)[i];
    next[i] = (*start)[i];
  }
  for (int32_t u = 0; u < x->rows; u++) {
    random_stream r = minutes_of(m, u);
    for (int64_t j = x->offset[u]; j < x->offset[u + 1]; j++) (*out)[next[minute_of(&r, m)]++] = (place){u, j};
  }
  return STATUS_OK;
}

static char *put_number(char *at, int64_t value) {
  char digits[24];
  int count = 0;
  do {
    digits[count++] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  while (count > 0) *at++ = digits[--count];
  return at;
}

static char *put_text(char *at, const char *text) {
  const size_t length = strlen(text);
  memcpy(at, text, length);
  return at + length;
}

/* What a confidence is called: strong ones are rarer. */
static const char *kind_of(float value) { return value < 10 ? ",view," : value < 20 ? ",like," : ",buy,"; }

static char *put_row(char *at, int32_t user, int32_t item, int64_t time, float value) {
  const int64_t hundredths = (int64_t)((double)value * 100 + 0.5);
  *at++ = 'u';
  at = put_number(at, user + 1);
  at = put_text(at, ",i");
  at = put_number(at, item + 1);
  *at++ = ',';
  at = put_number(at, time);
  at = put_text(at, kind_of(value));
  at = put_number(at, hundredths / 100);
  *at++ = '.';
  *at++ = (char)('0' + hundredths / 10 % 10);
  *at++ = (char)('0' + hundredths % 10);
  *at++ = '\n';
  return at;
}

static status write_events(const bench_csv *m, const bench_matrix *x, arena *a, file_writer *w) {
  static const char header[] = "user,item,time,kind,weight\n";
  const int64_t minutes = m->days * MINUTES_A_DAY, begin = m->end - minutes * 60;
  place *order = NULL;
  int64_t *start = NULL;
  char row[ROW_MOST];
  TRY(order_by_time(m, x, a, &order, &start));
  TRY(file_writer_append(w, header, sizeof header - 1));
  for (int64_t minute = 0; minute < minutes; minute++) {
    const int64_t count = start[minute + 1] - start[minute];
    for (int64_t i = 0; i < count; i++) {
      const place *p = &order[start[minute] + i];
      const int64_t time = begin + minute * 60 + i * 60 / count;
      const char *end = put_row(row, p->user, x->column[p->entry], time, x->value[p->entry]);
      TRY(file_writer_append(w, row, (size_t)(end - row)));
    }
  }
  return STATUS_OK;
}

static status write_items(const bench_csv *m, const bench_matrix *x, arena *a, file_writer *w) {
  static const char header[] = "item,title\n";
  char row[ROW_MOST];
  (void)m;
  (void)a;
  TRY(file_writer_append(w, header, sizeof header - 1));
  for (int32_t i = 1; i <= x->columns; i++) {
    const int length = snprintf(row, sizeof row, "i%d,Item %d\n", i, i);
    TRY(file_writer_append(w, row, (size_t)length));
  }
  return STATUS_OK;
}

typedef status write_rows(const bench_csv *m, const bench_matrix *x, arena *a, file_writer *w);

static status write_file(const bench_csv *m, const char *name, write_rows *rows, const bench_matrix *x, arena *a) {
  char path[PATH_MAX];
  file_writer *file = NULL;
  if (snprintf(path, sizeof path, "%s/%s", m->folder, name) >= (int)sizeof path)
    return status_fail(STATUS_USAGE, "%s: the folder's name is too long", m->folder);
  TRY(file_writer_open(path, &file));
  const status written = rows(m, x, a, file);
  if (written == STATUS_OK) return file_writer_commit(file);
  file_writer_abandon(file);
  return written;
}

static status write_all(bench_csv *m, arena *a) {
  bench_matrix x;
  TRY(file_make_folder(m->folder));
  TRY(bench_matrix_draw((uint64_t)m->seed, (int32_t)m->users, (int32_t)m->items, m->events, a, &x));
  TRY(write_file(m, "items.csv", write_items, &x, a));
  m->rows = x.offset[x.rows];
  return write_file(m, "events.csv", write_events, &x, a);
}

status bench_csv_write(bench_csv *m) {
  arena a = {0};
  const status result = write_all(m, &a);
  arena_free(&a);
  return result;
}
