#include "stages/plan_copy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "io/table_reader.h"
#include "math/decode.h"
#include "text/slots.h"
#include "text/tokeniser.h"

enum { WINDOW = 16 /* minibatches that are sorted by length together */, LEARNED_MOST = 20000 };

typedef struct keyed {
  uint64_t hash;
  copy_line line;
} keyed;

typedef struct reading {
  arena *arena;
  keyed *line; /* [room] */
  int64_t count, room;
} reading;

static status keep(reading *r, const copy_line *l) {
  if (r->count == r->room) {
    keyed *larger = NULL;
    r->room = r->room == 0 ? 4096 : 2 * r->room;
    TRY(ARENA(r->arena, r->room, &larger));
    if (r->count > 0) memcpy(larger, r->line, (size_t)r->count * sizeof *larger);
    r->line = larger;
  }
  r->line[r->count++] =
      (keyed){hash_bytes(l->text, strlen(l->text), (uint64_t)l->tone * LANGUAGE_COUNT + (uint64_t)l->language), *l};
  return STATUS_OK;
}

static status read_rows(reading *r, table_reader *reader, table_row *row) {
  const int text = table_reader_column(reader, "text"), told = table_reader_column(reader, "tone"),
            spoken = table_reader_column(reader, "language"), of = table_reader_column(reader, "domain");
  for (int more = text >= 0 && told >= 0 && spoken >= 0;;) {
    if (more) TRY(table_reader_next(reader, row, &more));
    if (!more) return STATUS_OK;
    if (row->fault != TABLE_OK || row->length[text] == 0) continue;
    const int t = tone_find(row->field[told]), l = language_find(row->field[spoken]);
    const int d = of >= 0 ? domain_find(row->field[of]) : 0;
    if (t < 0 || l < 0) continue;
    copy_line line = {.language = (language)l, .tone = (tone)t, .domain = (domain)(d > 0 ? d : 0), .item = -1};
    char *own = NULL;
    TRY(arena_text(r->arena, row->field[text], (size_t)row->length[text], &own));
    line.text = own;
    line.slots = slots_of(own, NULL);
    TRY(keep(r, &line));
  }
}

static status read_file(reading *r, const char *path) {
  const table_options options = {.format = TABLE_CSV, .encoding = TABLE_UTF8, .has_header = 1};
  table_reader *reader = NULL;
  table_row *row = NULL;
  TRY(ARENA(r->arena, 1, &row));
  TRY(table_reader_open(path, &options, 0, 1, &reader));
  const status result = read_rows(r, reader, row);
  table_reader_close(reader);
  return result;
}

static int by_hash(const void *a, const void *b) {
  const keyed *x = a, *y = b;
  return (x->hash > y->hash) - (x->hash < y->hash);
}

static status distinct(reading *r, copy *out) {
  if (r->count > 0) qsort(r->line, (size_t)r->count, sizeof *r->line, by_hash);
  TRY(ARENA(r->arena, r->count, &out->lines));
  out->count = 0;
  for (int64_t i = 0; i < r->count; i++)
    if (i == 0 || r->line[i].hash != r->line[i - 1].hash) out->lines[out->count++] = r->line[i].line;
  return STATUS_OK;
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* Trains on the lines as training does, at most LEARNED_MOST of them. */
static status learn(const stage *s, const copy *c, plan_rates *r, tokeniser **out) {
  const char **text = NULL;
  char *model = NULL;
  int64_t bytes = 0, count = c->count < LEARNED_MOST ? c->count : LEARNED_MOST, distinct_count = 0;
  TRY(ARENA(s->arena, count, &text));
  for (int64_t i = 0; i < count; i++) text[i] = c->lines[i].text;
  qsort(text, (size_t)count, sizeof *text, by_text);
  for (int64_t i = 0; i < count; i++)
    if (i == 0 || strcmp(text[i], text[distinct_count - 1]) != 0) text[distinct_count++] = text[i];
  const double began = clock_cpu();
  TRY(tokeniser_train(text, distinct_count, (int)settings_int(s->settings, "writer.vocabulary"), s->arena, &model,
                      &bytes));
  r->tokeniser = (clock_cpu() - began) * (double)c->count / (double)count;
  return tokeniser_open(model, bytes, out);
}

static int ascending(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* Mean over lanes of the longest line: lines come in no order, are sorted by length inside windows of minibatches, and
 * cut into lanes. */
static double lane_steps(int *length, int64_t count, int batch, int lanes) {
  const int64_t window = (int64_t)WINDOW * batch;
  double sum = 0, taken = 0;
  for (int64_t first = 0; first < count; first += window)
    qsort(length + first, (size_t)(count - first < window ? count - first : window), sizeof *length, ascending);
  for (int64_t first = 0; first < count; first += batch) {
    const int64_t here = count - first < batch ? count - first : batch;
    for (int l = 0; l < lanes; l++) {
      const int64_t from = here * l / lanes, to = here * (l + 1) / lanes;
      int most = 0;
      for (int64_t i = from; i < to; i++) most = length[first + i] > most ? length[first + i] : most;
      sum += most * (double)(to - from);
      taken += (double)(to - from);
    }
  }
  return taken > 0 ? sum / taken : 1;
}

static status count_tokens(const stage *s, const copy *c, const tokeniser *t, plan_numbers *n) {
  const int64_t count = c->count < LEARNED_MOST ? c->count : LEARNED_MOST;
  int *length = NULL;
  double sum = 0;
  int64_t kept = 0;
  TRY(ARENA(s->arena, count, &length));
  for (int64_t i = 0; i < count; i++) {
    const arena_mark before = arena_here(s->arena);
    int32_t *tokens = NULL;
    int found = 0;
    TRY(tokeniser_encode(t, c->lines[i].text, s->arena, &tokens, &found));
    arena_release(s->arena, before);
    if (found >= DECODE_TOKENS_MOST) continue;
    length[kept++] = found + 1;
    sum += found + 1;
    n->tokens_most = fmax(n->tokens_most, found + 1);
  }
  if (kept == 0)
    return status_fail(STATUS_DATA, "inputs.copy.paths: no line is shorter than %d tokens", DECODE_TOKENS_MOST);
  n->tokens = sum / (double)kept;
  n->lane_steps = lane_steps(length, kept, n->batch, n->lanes);
  return STATUS_OK;
}

status plan_copy_read(const stage *s, plan_numbers *n, plan_rates *r, copy *lines) {
  reading all = {.arena = s->arena};
  const int files = settings_count(s->settings, "inputs.copy.paths");
  if (files == 0)
    return status_fail(STATUS_MISSING, "inputs.copy.paths names no file; jobs/copy holds a starter copy to begin with");
  for (int i = 0; i < files; i++) TRY(read_file(&all, settings_list_at(s->settings, "inputs.copy.paths", i)));
  TRY(distinct(&all, lines));
  if (lines->count < 9)
    return status_fail(STATUS_DATA,
                       "inputs.copy.paths: %lld lines with text, tone and language are too few to learn from",
                       (long long)lines->count);
  const double held = settings_real(s->settings, "writer.validation_share");
  for (int64_t i = 0; i < lines->count; i++) n->copy_bytes += (double)strlen(lines->lines[i].text) + 1;
  n->lines = (double)lines->count;
  n->validation_lines = fmax(1, held * n->lines);
  n->train_lines = n->lines - n->validation_lines;
  tokeniser *t = NULL;
  TRY(learn(s, lines, r, &t));
  n->writer.vocabulary = n->judge.vocabulary = tokeniser_size(t);
  const status result = count_tokens(s, lines, t, n);
  tokeniser_close(t);
  return result;
}
