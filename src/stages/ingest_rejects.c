#include "stages/ingest_rejects.h"

#include <stdlib.h>
#include <string.h>

#include "io/file.h"

/* Rejects that rank 0 gathers at once: 16 bytes each. */
enum { PIECE = 1 << 18 };

const char *ingest_reason_name(int reason) {
  static const char *const names[INGEST_REASONS - TABLE_FAULTS] = {
      "no_user",      "no_item",        "bad_time",         "bad_number", "negative_weight", "unknown_kind",
      "unknown_item", "unknown_domain", "unknown_language", "no_title",   "duplicate"};
  return reason < TABLE_FAULTS ? table_fault_name((table_fault)reason) : names[reason - TABLE_FAULTS];
}

status ingest_rejects_add(ingest_rejects *r, int64_t line, int reason) {
  const ingest_reject reject = {.line = line, .reason = reason};
  r->count[reason]++;
  return ingest_buffer_add(&r->list, &reject, sizeof reject);
}

void ingest_rejects_free(ingest_rejects *r) { ingest_buffer_free(&r->list); }

void ingest_rejects_sum(const comm *c, ingest_rejects *r) {
  comm_sum_i64(c, r->count, INGEST_REASONS);
  comm_sum_i64(c, &r->read, 1);
}

static int compare_rejects(const void *a, const void *b) {
  const ingest_reject *x = a, *y = b;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  return (x->reason > y->reason) - (x->reason < y->reason);
}

/* As a CSV field: a path may hold a comma. */
static status quoted(const char *path, arena *a, char **out) {
  char *text = NULL;
  TRY(ARENA(a, 2 * (int64_t)strlen(path) + 3, &text));
  char *at = text;
  *at++ = '"';
  for (; *path != '\0'; path++) {
    if (*path == '"') *at++ = '"';
    *at++ = *path;
  }
  *at = '"';
  *out = text;
  return STATUS_OK;
}

static status print(file_writer *w, const char *file, const ingest_reject *rejects, int64_t count, arena *a) {
  for (int64_t i = 0; i < count; i++) {
    const arena_mark before = arena_here(a);
    char *line = NULL;
    TRY(arena_print(a, &line, "%s,%lld,%s\n", file, (long long)rejects[i].line, ingest_reason_name(rejects[i].reason)));
    TRY(file_writer_append(w, line, strlen(line)));
    arena_release(a, before);
  }
  return STATUS_OK;
}

/* Ranges follow one another in rank order, so the sorted lists of the ranks, one after another, are sorted. */
static status write_file(const stage *s, ingest_rejects *r, file_writer *w) {
  const comm *c = s->comm;
  arena memory = {0};
  status result = STATUS_OK;
  int64_t mine = r->list.used / (int64_t)sizeof(ingest_reject);
  ingest_reject *list = (void *)r->list.bytes;
  if (mine > 0) qsort(list, (size_t)mine, sizeof *list, compare_rejects);
  int64_t *counts = NULL, *offset = NULL, *send = NULL;
  char *file = NULL;
  TRY_DONE(result, comm_gather_all(c, &mine, sizeof mine, &memory, (void **)&counts, &offset));
  TRY_ALL_DONE(c, result, ARENA(&memory, c->size + 1, &send));
  TRY_ALL_DONE(c, result, quoted(r->path, &memory, &file));
  int64_t first = 0, total = 0;
  for (int i = 0; i < c->size; i++) {
    if (i < c->rank) first += counts[i];
    total += counts[i];
  }
  for (int64_t done = 0; done < total; done += PIECE) {
    const arena_mark before = arena_here(&memory);
    int64_t from = done - first, to = done + PIECE - first;
    from = from < 0 ? 0 : from > mine ? mine : from;
    to = to < 0 ? 0 : to > mine ? mine : to;
    for (int i = 0; i < c->size; i++) send[i + 1] = (to - from) * (int64_t)sizeof *list;
    ingest_reject *received = NULL;
    TRY_DONE(result, comm_exchange(c, mine > 0 ? list + from : list, send, &memory, (void **)&received, &offset));
    TRY_ALL_DONE(c, result,
                 c->rank == 0 ? print(w, file, received, offset[c->size] / (int64_t)sizeof *list, &memory) : STATUS_OK);
    arena_release(&memory, before);
  }
done:
  arena_free(&memory);
  return result;
}

static status open_list(const char *path, file_writer **out) {
  static const char header[] = "file,line,reason\n";
  TRY(file_writer_open(path, out));
  return file_writer_append(*out, header, sizeof header - 1);
}

status ingest_rejects_write(const stage *s, const char *path, ingest_rejects *const *files, int count) {
  file_writer *writer = NULL;
  status result = STATUS_OK;
  TRY_ALL_DONE(s->comm, result, s->comm->rank == 0 ? open_list(path, &writer) : STATUS_OK);
  for (int i = 0; i < count; i++) TRY_DONE(result, write_file(s, files[i], writer));
  file_writer *whole = writer;
  writer = NULL;
  TRY_ALL_DONE(s->comm, result, s->comm->rank == 0 ? file_writer_commit(whole) : STATUS_OK);
done:
  file_writer_abandon(writer);
  return result;
}

status ingest_rejects_judge(const stage *s, const char *list_path, const ingest_rejects *r) {
  const double share = settings_real(s->settings, "inputs.rejects_share");
  int64_t damaged = 0;
  int most = 0;
  for (int i = 0; i < INGEST_REASONS; i++) {
    if (i == INGEST_DUPLICATE) continue;
    damaged += r->count[i];
    if (r->count[i] > r->count[most]) most = i;
  }
  if ((double)damaged <= share * (double)r->read) return STATUS_OK;
  return status_fail(STATUS_DATA,
                     "%s: %lld of %lld rows cannot be used (inputs.rejects_share allows %g %%), most of them for %s "
                     "(%lld); file and line of each are in %s",
                     r->path, (long long)damaged, (long long)r->read, share * 100, ingest_reason_name(most),
                     (long long)r->count[most], list_path);
}
