#include "io/stage_done.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/json_reader.h"
#include "io/stage_done_json.h"

double stage_done_busy(const stage_use *u) { return u->seconds - u->waited - u->moved; }

double stage_done_imbalance(const stage_done *d) {
  double sum = 0, most = 0;
  for (int r = 0; d->use != NULL && r < d->ranks; r++) {
    const double busy = stage_done_busy(&d->use[r]);
    sum += busy;
    if (busy > most) most = busy;
  }
  return sum > 0 ? most * d->ranks / sum : 0;
}

/* What is kept of each rank, one list a member. */
static const struct {
  const char *name;
  size_t real, integer; /* where it stands in a stage_use; 0 for `integer`: it is real */
} use_member[] = {
    {"seconds", offsetof(stage_use, seconds), 0}, {"waited", offsetof(stage_use, waited), 0},
    {"moved", offsetof(stage_use, moved), 0},     {"cpu", offsetof(stage_use, cpu), 0},
    {"sent", 0, offsetof(stage_use, sent)},       {"calls", 0, offsetof(stage_use, calls)},
};
enum { USE_MEMBERS = (int)(sizeof use_member / sizeof *use_member) };

static void print_use(json_writer *w, const stage_use *use, int ranks) {
  double *reals = NULL;
  int64_t *integers = NULL;
  if (w->failed == STATUS_OK) w->failed = ARENA(w->arena, ranks, &reals);
  if (w->failed == STATUS_OK) w->failed = ARENA(w->arena, ranks, &integers);
  if (w->failed != STATUS_OK) return;
  json_writer_open(w, "use_by_rank", '{');
  for (int m = 0; m < USE_MEMBERS; m++) {
    const size_t real = use_member[m].real, integer = use_member[m].integer;
    for (int r = 0; r < ranks; r++) {
      const char *at = (const char *)&use[r];
      if (integer > 0)
        memcpy(&integers[r], at + integer, sizeof *integers);
      else
        memcpy(&reals[r], at + real, sizeof *reals);
    }
    if (integer > 0)
      json_writer_integers(w, use_member[m].name, integers, ranks);
    else
      json_writer_reals(w, use_member[m].name, reals, ranks);
  }
  json_writer_close(w, '}');
}

void stage_done_print(json_writer *w, const stage_done *d) {
  json_writer_text(w, "stage", d->stage);
  json_writer_text(w, "fingerprint", d->fingerprint);
  json_writer_accounts(w, "numbers", &d->numbers);
  json_writer_real(w, "seconds", d->seconds);
  json_writer_integer(w, "ranks", d->ranks);
  json_writer_integer(w, "peak_bytes", d->peak_bytes);
  json_writer_integer(w, "peak_bytes_sum", d->peak_bytes_sum);
  if (d->peaks != NULL) json_writer_integers(w, "peak_bytes_by_rank", d->peaks, d->ranks);
  if (d->use != NULL) print_use(w, d->use, d->ranks);
  if (d->work != NULL) json_writer_integers(w, "work", d->work, d->work_count);
  json_writer_open(w, "summary", '{');
  if (d->summary != NULL) json_writer_members(w, d->summary);
  json_writer_close(w, '}');
}

status stage_done_write(const char *run, const stage_done *d) {
  arena a = {0};
  status result = STATUS_OK;
  char *folder, *path;
  json_writer w = json_writer_start(&a);
  TRY_DONE(result, arena_print(&a, &folder, "%s/work/%s", run, d->stage));
  TRY_DONE(result, file_make_folder(folder));
  TRY_DONE(result, arena_print(&a, &path, "%s/DONE.json", folder));
  json_writer_open(&w, NULL, '{');
  json_writer_integer(&w, "format", 1);
  stage_done_print(&w, d);
  result = sealed_json_write(path, &w);
done:
  arena_free(&a);
  return result;
}

/* A list of integers that may be missing: *values is NULL then. */
static status take_list(const json_t *root, const char *path, const char *name, arena *a, int64_t **values,
                        int *count) {
  *values = NULL;
  *count = 0;
  if (json_object_get(root, name) == NULL) return STATUS_OK;
  const json_t *list = NULL;
  TRY(sealed_json_member(root, path, name, JSON_ARRAY, &list));
  *count = (int)json_array_size(list);
  TRY(ARENA(a, *count, values));
  for (int i = 0; i < *count; i++) (*values)[i] = (int64_t)json_integer_value(json_array_get(list, (size_t)i));
  return STATUS_OK;
}

/* What each rank took; nights of earlier versions have it not. */
static status take_use(const json_t *root, const char *path, arena *a, stage_done *out) {
  const json_t *use = NULL;
  if (json_object_get(root, "use_by_rank") == NULL) return STATUS_OK;
  TRY(sealed_json_member(root, path, "use_by_rank", JSON_OBJECT, &use));
  for (int m = 0; m < USE_MEMBERS; m++) {
    const json_t *list = NULL;
    TRY(sealed_json_member(use, path, use_member[m].name, JSON_ARRAY, &list));
    if (json_array_size(list) != (size_t)out->ranks)
      return status_fail(STATUS_DATA, "%s: use_by_rank.%s of %zu ranks for %d; remove it and run again", path,
                         use_member[m].name, json_array_size(list), out->ranks);
    if (m == 0) TRY(ARENA(a, out->ranks, &out->use)); /* only now is it known that the file says so much */
    for (int r = 0; r < out->ranks; r++) {
      const json_t *value = json_array_get(list, (size_t)r);
      const double real = json_number_value(value);
      const int64_t integer = (int64_t)json_integer_value(value);
      char *at = (char *)&out->use[r];
      if (use_member[m].integer > 0)
        memcpy(at + use_member[m].integer, &integer, sizeof integer);
      else
        memcpy(at + use_member[m].real, &real, sizeof real);
    }
  }
  return STATUS_OK;
}

static status take_summary(const json_t *root, const char *path, arena *a, stage_done *out) {
  const json_t *summary = NULL;
  TRY(sealed_json_member(root, path, "summary", JSON_OBJECT, &summary));
  char *text = NULL;
  TRY(json_reader_members(summary, a, &text));
  out->summary = text;
  return STATUS_OK;
}

status stage_done_take(const json_t *root, const char *path, arena *a, stage_done *out) {
  int64_t ranks;
  TRY(sealed_json_text(root, path, "stage", a, &out->stage));
  TRY(sealed_json_text(root, path, "fingerprint", a, &out->fingerprint));
  TRY(sealed_json_accounts(root, path, "numbers", a, &out->numbers));
  TRY(sealed_json_real(root, path, "seconds", &out->seconds));
  TRY(sealed_json_integer(root, path, "ranks", &ranks));
  if (ranks < 0 || ranks > INT32_MAX)
    return status_fail(STATUS_DATA, "%s: %lld ranks cannot be; remove it and run again", path, (long long)ranks);
  out->ranks = (int)ranks;
  TRY(sealed_json_integer(root, path, "peak_bytes", &out->peak_bytes));
  TRY(sealed_json_integer(root, path, "peak_bytes_sum", &out->peak_bytes_sum));
  int peaks = 0;
  TRY(take_list(root, path, "peak_bytes_by_rank", a, &out->peaks, &peaks));
  if (out->peaks != NULL && peaks != out->ranks)
    return status_fail(STATUS_DATA, "%s: the memory of %d ranks for %d; remove it and run again", path, peaks,
                       out->ranks);
  TRY(take_use(root, path, a, out));
  TRY(take_list(root, path, "work", a, &out->work, &out->work_count));
  return take_summary(root, path, a, out);
}

status stage_done_read(const char *run, const char *stage, arena *a, stage_done *out, int *found) {
  *out = (stage_done){0};
  *found = 0;
  char *path;
  TRY(arena_print(a, &path, "%s/work/%s/DONE.json", run, stage));
  if (!file_exists(path)) return STATUS_OK;
  json_t *root;
  TRY(sealed_json_read(path, a, &root));
  status result = stage_done_take(root, path, a, out);
  if (result == STATUS_OK && strcmp(out->stage, stage) != 0)
    result = status_fail(STATUS_DATA, "%s: belongs to the stage %s; remove it", path, out->stage);
  json_decref(root);
  *found = result == STATUS_OK;
  return result;
}
