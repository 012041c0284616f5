#include "io/series_file.h"

#include <string.h>

#include "io/file.h"
#include "io/json_reader.h"
#include "io/sealed_json.h"

enum { RANKS_MOST = 1 << 24, REPEATS_MOST = 1000 };

/* Written by a script, so without a seal. The caller gives *out back with json_decref. */
static status read_json(const char *path, arena *a, json_t **out) {
  char *bytes = NULL;
  int64_t count = 0;
  TRY(file_read(path, a, &bytes, &count));
  return json_reader_load(path, bytes, (size_t)count, out);
}

static status take_number(const json_t *object, const char *path, const char *name, int64_t most, int *out) {
  int64_t value = 0;
  TRY(sealed_json_integer(object, path, name, &value));
  if (value < 1 || value > most)
    return status_fail(STATUS_DATA, "%s: \"%s\" is %lld, must be from 1 to %lld", path, name, (long long)value,
                       (long long)most);
  *out = (int)value;
  return STATUS_OK;
}

static status take_arguments(const json_t *root, const char *path, arena *a, series_file *out) {
  const json_t *list = NULL;
  TRY(sealed_json_member(root, path, "arguments", JSON_ARRAY, &list));
  const size_t count = json_array_size(list);
  if (count > SERIES_FILE_ARGUMENTS)
    return status_fail(STATUS_DATA, "%s: %zu arguments, %d are the most", path, count, SERIES_FILE_ARGUMENTS);
  for (size_t i = 0; i < count; i++) {
    const json_t *one = json_array_get(list, i);
    char *copy = NULL;
    if (!json_is_string(one)) return status_fail(STATUS_DATA, "%s: argument %zu is no text", path, i);
    TRY(arena_text(a, json_string_value(one), json_string_length(one), &copy));
    out->argument[out->argument_count++] = copy;
  }
  return STATUS_OK;
}

static status take_series(const json_t *root, const char *path, arena *a, series_file *out) {
  const json_t *sizes = NULL;
  TRY(sealed_json_text(root, path, "job", a, &out->job));
  TRY(take_arguments(root, path, a, out));
  TRY(take_number(root, path, "repeats", REPEATS_MOST, &out->repeats));
  TRY(sealed_json_member(root, path, "sizes", JSON_ARRAY, &sizes));
  const size_t count = json_array_size(sizes);
  if (count < 1 || count > SERIES_FILE_SIZES)
    return status_fail(STATUS_DATA, "%s: %zu sizes, must be from 1 to %d", path, count, SERIES_FILE_SIZES);
  for (size_t i = 0; i < count; i++) {
    series_file_size *size = &out->size[i];
    TRY(take_number(json_array_get(sizes, i), path, "ranks", RANKS_MOST, &size->ranks));
    TRY(take_number(json_array_get(sizes, i), path, "nodes", RANKS_MOST, &size->nodes));
    if (i > 0 && size->ranks <= size[-1].ranks)
      return status_fail(STATUS_DATA, "%s: the sizes must ascend, without repetition", path);
  }
  out->size_count = (int)count;
  return STATUS_OK;
}

static status take_machine(const json_t *root, const char *path, arena *a, series_file *out) {
  const json_t *facts = NULL;
  TRY(take_number(root, path, "cores", RANKS_MOST, &out->cores));
  TRY(sealed_json_member(root, path, "facts", JSON_OBJECT, &facts));
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)facts, name, value) {
    if (out->fact_count == SERIES_FILE_FACTS) break;
    char *copy = NULL;
    TRY(arena_text(a, name, strlen(name), &copy));
    out->fact[out->fact_count].name = copy;
    TRY(sealed_json_text(facts, path, name, a, &out->fact[out->fact_count].value));
    out->fact_count++;
  }
  return STATUS_OK;
}

/* *found is 0, and nothing is taken, where the file is not there. */
static status read_one(const char *folder, const char *name, arena *a, series_file *out, int *found,
                       status (*take)(const json_t *, const char *, arena *, series_file *)) {
  char *path = NULL;
  json_t *root = NULL;
  *found = 0;
  TRY(arena_print(a, &path, "%s/%s", folder, name));
  if (!file_exists(path)) return STATUS_OK;
  TRY(read_json(path, a, &root));
  const status result = take(root, path, a, out);
  json_decref(root);
  *found = result == STATUS_OK;
  return result;
}

status series_file_read(const char *folder, arena *a, series_file *out, int *found) {
  int knows_machine = 0;
  *out = (series_file){0};
  TRY(read_one(folder, "series.json", a, out, found, take_series));
  if (!*found) return STATUS_OK;
  return read_one(folder, "machine.json", a, out, &knows_machine, take_machine);
}
