#include <stdio.h>

#include "base/clock.h"
#include "io/file.h"
#include "io/table_reader.h"
#include "io/table_stream.h"
#include "stages/bench.h"
#include "stages/bench_csv.h"
#include "stages/ingest.h"

enum { PATH = 4096, PIECE = 1 << 20, END = 1714521600 };

typedef struct files {
  char events[PATH], items[PATH];
  int64_t bytes;
} files;

static status find_files(const bench *b, files *f) {
  int64_t modified = 0;
  snprintf(f->events, sizeof f->events, "%s/events.csv", b->folder);
  snprintf(f->items, sizeof f->items, "%s/items.csv", b->folder);
  return file_stat(f->events, &f->bytes, &modified);
}

/* The bytes alone, as read() hands them over from the page cache: as many as a rank's share. */
static status take_bytes(const bench *b, const files *f) {
  char *piece = NULL;
  arena a = {0};
  table_stream bytes;
  TRY(ARENA(&a, PIECE, &piece));
  status result = table_stream_open(f->events, 0, 1, &a, &bytes);
  if (result == STATUS_OK) {
    size_t got = 1;
    for (int64_t at = 0; got > 0 && at < f->bytes / b->comm->size && result == STATUS_OK; at += (int64_t)got)
      result = table_stream_read(&bytes, piece, PIECE, &got);
    table_stream_close(&bytes);
  }
  arena_free(&a);
  return result;
}

/* Rows cut into fields, and no more. */
static status take_rows(const bench *b, const files *f) {
  static table_row row;
  table_reader *reader = NULL;
  const table_options options = {.format = TABLE_CSV, .has_header = 1};
  TRY(table_reader_open(f->events, &options, b->comm->rank, b->comm->size, &reader));
  status result = STATUS_OK;
  for (int more = 1; more && result == STATUS_OK;) result = table_reader_next(reader, &row, &more);
  table_reader_close(reader);
  return result;
}

static status set(settings *s, const char *key, const char *value) {
  char assignment[PATH + 64];
  snprintf(assignment, sizeof assignment, "%s=%s", key, value);
  return settings_override(s, assignment);
}

static status make_settings(const files *f, arena *a, settings **s) {
  TRY(settings_create(a, s));
  TRY(set(*s, "inputs.interactions.path", f->events));
  TRY(set(*s, "inputs.interactions.time_format", "unix"));
  TRY(set(*s, "inputs.interactions.columns.time", "time"));
  TRY(set(*s, "inputs.interactions.columns.kind", "kind"));
  TRY(set(*s, "events.kinds[0].name", "view"));
  TRY(set(*s, "events.kinds[1].name", "like"));
  TRY(set(*s, "events.kinds[1].means", "liked"));
  TRY(set(*s, "events.kinds[2].name", "buy"));
  TRY(set(*s, "events.kinds[2].means", "bought"));
  TRY(set(*s, "inputs.catalogue.path", f->items));
  TRY(set(*s, "inputs.catalogue.columns.title", "title"));
  return STATUS_OK;
}

static status run_stage(const bench *b, const files *f) {
  arena a = {0};
  char folder[PATH + 32];
  settings *chosen = NULL;
  stage s = {.comm = b->comm,
             .run = b->folder,
             .job = "bench",
             .night = "bench",
             .name = "ingest",
             .fingerprint = "none",
             .seed = 1,
             .quiet = 1,
             .arena = &a};
  snprintf(folder, sizeof folder, "%s/work/ingest", b->folder);
  status result = STATUS_OK;
  TRY_ALL_DONE(b->comm, result, make_settings(f, &a, &chosen));
  TRY_ALL_DONE(b->comm, result, digest_key_load("", s.seed, &s.key));
  TRY_ALL_DONE(b->comm, result, b->comm->rank == 0 ? file_make_folder(folder) : STATUS_OK);
  s.settings = chosen;
  stage_start(&s);
  result = ingest_run(&s);
done:
  arena_free(&a);
  return result;
}

/* Millions of bytes of the file in a CPU second of the slowest rank, for each rank. */
static status rate(const bench *b, const files *f, status (*once)(const bench *, const files *), double *out) {
  double seconds[BENCH_REPEATS_MOST];
  for (int r = 0; r < b->repeats; r++) {
    comm_barrier(b->comm);
    const double began = clock_cpu();
    TRY_ALL(b->comm, once(b, f));
    seconds[r] = bench_most(b->comm, clock_cpu() - began);
  }
  *out = (double)f->bytes / b->comm->size / bench_median(seconds, b->repeats) / 1e6;
  return STATUS_OK;
}

status bench_ingest(bench *b) {
  files f;
  double bytes = 0;
  bench_figure rows = {.name = "a CSV cut into fields", .unit = "MB/s", .bound = "read() from the page cache"},
               whole = {.name = "the stage ingest", .unit = "MB/s", .bound = rows.bound};
  bench_csv csv = {.folder = b->folder,
                   .users = b->users,
                   .items = b->items,
                   .events = b->events,
                   .seed = 1,
                   .days = 60,
                   .end = END};
  TRY_ALL(b->comm, b->comm->rank == 0 ? bench_csv_write(&csv) : STATUS_OK);
  TRY_ALL(b->comm, find_files(b, &f));
  TRY(rate(b, &f, take_bytes, &bytes));
  TRY(rate(b, &f, take_rows, &rows.value));
  TRY(rate(b, &f, run_stage, &whole.value));
  rows.ceiling = whole.ceiling = bytes;
  bench_add(b, &rows);
  bench_add(b, &whole);
  return STATUS_OK;
}
