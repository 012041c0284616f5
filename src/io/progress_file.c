#include "io/progress_file.h"

#include <math.h>
#include <string.h>

#include "io/file.h"
#include "io/json_reader.h"

static status take_text(const json_t *root, const char *name, arena *a, const char **out) {
  const char *text = json_string_value(json_object_get(root, name));
  char *own = NULL;
  TRY(arena_text(a, text != NULL ? text : "", text != NULL ? strlen(text) : 0, &own));
  *out = own;
  return STATUS_OK;
}

static int64_t integer(const json_t *root, const char *name) {
  return (int64_t)json_integer_value(json_object_get(root, name));
}

static double real(const json_t *root, const char *name) {
  const json_t *value = json_object_get(root, name);
  return json_is_number(value) ? json_number_value(value) : NAN;
}

static status take(const json_t *root, arena *a, progress_file *out) {
  TRY(take_text(root, "stage", a, &out->stage));
  TRY(take_text(root, "note", a, &out->note));
  TRY(take_text(root, "host", a, &out->host));
  TRY(take_text(root, "slurm_job_id", a, &out->job));
  out->done = integer(root, "done");
  out->total = integer(root, "total");
  out->share = real(root, "share");
  out->rate = real(root, "rate");
  out->seconds = real(root, "seconds");
  out->left = real(root, "left");
  out->peak_bytes = integer(root, "peak_bytes");
  out->pid = integer(root, "pid");
  out->time = integer(root, "time");
  out->ranks = (int)integer(root, "ranks");
  return STATUS_OK;
}

status progress_file_read(const char *run, arena *a, progress_file *out, int *found) {
  char *path = NULL, *bytes = NULL;
  int64_t count = 0;
  *out = (progress_file){0};
  *found = 0;
  TRY(arena_print(a, &path, "%s/" PROGRESS_FILE, run));
  if (file_read(path, a, &bytes, &count) != STATUS_OK) return STATUS_OK;
  json_t *root = NULL;
  if (json_reader_load(path, bytes, (size_t)count, &root) == STATUS_BUG) return STATUS_BUG;
  const status result = json_is_object(root) ? take(root, a, out) : STATUS_OK;
  *found = json_is_object(root);
  json_decref(root);
  return result;
}
