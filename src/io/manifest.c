#include "io/manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/file.h"
#include "io/stage_done_json.h"

enum { FORMAT = 1, HEX_USER = 32 };

static void print_files(json_writer *w, const char *name, const manifest_input *files, int count) {
  json_writer_open(w, name, '[');
  for (int i = 0; i < count; i++) {
    json_writer_open(w, NULL, '{');
    json_writer_text(w, "name", files[i].name);
    json_writer_text(w, "path", files[i].path);
    json_writer_integer(w, "bytes", files[i].bytes);
    json_writer_text(w, "digest", files[i].digest);
    json_writer_close(w, '}');
  }
  json_writer_close(w, ']');
}

static void print_user(json_writer *w, const char *name, user_id id) {
  char text[HEX_USER + 1];
  snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, id.high, id.low);
  json_writer_text(w, name, text);
}

static void print_shards(json_writer *w, const manifest *m) {
  json_writer_open(w, "shards", '[');
  for (int i = 0; i < m->shard_count; i++) {
    const shard_summary *s = &m->shards[i];
    json_writer_open(w, NULL, '{');
    json_writer_text(w, "name", s->name);
    json_writer_integer(w, "bytes", s->bytes);
    json_writer_integer(w, "plain_bytes", s->plain_bytes);
    json_writer_integer(w, "records", s->records);
    print_user(w, "first", s->first);
    print_user(w, "last", s->last);
    json_writer_text(w, "digest", s->digest);
    json_writer_text(w, "plain_digest", s->plain_digest);
    json_writer_close(w, '}');
  }
  json_writer_close(w, ']');
}

static void print_all(json_writer *w, const manifest *m) {
  json_writer_open(w, NULL, '{');
  json_writer_integer(w, "format", FORMAT);
  json_writer_text(w, "job", m->job);
  json_writer_text(w, "night", m->night);
  json_writer_text(w, "version", m->version);
  json_writer_text(w, "settings_digest", m->settings_digest);
  json_writer_integer(w, "seed", m->seed);
  json_writer_integer(w, "rows_read", m->rows_read);
  json_writer_accounts(w, "rows", &m->rows);
  json_writer_integer(w, "users_known", m->users_known);
  json_writer_accounts(w, "users", &m->users);
  json_writer_accounts(w, "sources", &m->sources);
  json_writer_accounts(w, "languages", &m->languages);
  json_writer_accounts(w, "reasons", &m->reasons);
  print_files(w, "inputs", m->inputs, m->input_count);
  print_files(w, "models", m->models, m->model_count);
  print_shards(w, m);
  json_writer_open(w, "stages", '[');
  for (int i = 0; i < m->stage_count; i++) {
    json_writer_open(w, NULL, '{');
    stage_done_print(w, &m->stages[i]);
    json_writer_close(w, '}');
  }
  json_writer_close(w, ']');
}

status manifest_write(const char *run, const manifest *m) {
  arena a = {0};
  status result = STATUS_OK;
  char *path;
  json_writer w = json_writer_start(&a);
  TRY_DONE(result, arena_print(&a, &path, "%s/MANIFEST.json", run));
  print_all(&w, m);
  result = sealed_json_write(path, &w);
done:
  arena_free(&a);
  return result;
}

static status take_digest(const json_t *object, const char *path, const char *name, char out[DIGEST_TEXT]) {
  const json_t *member = NULL;
  TRY(sealed_json_member(object, path, name, JSON_STRING, &member));
  if (json_string_length(member) != DIGEST_TEXT - 1)
    return status_fail(STATUS_DATA, "%s: the member \"%s\" is no digest", path, name);
  memcpy(out, json_string_value(member), DIGEST_TEXT);
  return STATUS_OK;
}

static status take_user(const json_t *object, const char *path, const char *name, user_id *out) {
  const json_t *member = NULL;
  TRY(sealed_json_member(object, path, name, JSON_STRING, &member));
  if (json_string_length(member) != HEX_USER ||
      sscanf(json_string_value(member), "%16" SCNx64 "%16" SCNx64, &out->high, &out->low) != 2)
    return status_fail(STATUS_DATA, "%s: the member \"%s\" is no keyed user id", path, name);
  return STATUS_OK;
}

static status take_file(const json_t *object, const char *path, arena *a, manifest_input *out) {
  TRY(sealed_json_text(object, path, "name", a, &out->name));
  TRY(sealed_json_text(object, path, "path", a, &out->path));
  TRY(sealed_json_integer(object, path, "bytes", &out->bytes));
  return take_digest(object, path, "digest", out->digest);
}

static status take_shard(const json_t *object, const char *path, shard_summary *out) {
  const json_t *name = NULL;
  TRY(sealed_json_member(object, path, "name", JSON_STRING, &name));
  if (json_string_length(name) >= sizeof out->name)
    return status_fail(STATUS_DATA, "%s: a shard's name is too long", path);
  snprintf(out->name, sizeof out->name, "%s", json_string_value(name));
  TRY(sealed_json_integer(object, path, "bytes", &out->bytes));
  TRY(sealed_json_integer(object, path, "plain_bytes", &out->plain_bytes));
  TRY(sealed_json_integer(object, path, "records", &out->records));
  TRY(take_user(object, path, "first", &out->first));
  TRY(take_user(object, path, "last", &out->last));
  TRY(take_digest(object, path, "digest", out->digest));
  return take_digest(object, path, "plain_digest", out->plain_digest);
}

static status take_files(const json_t *root, const char *path, const char *name, arena *a, manifest_input **out,
                         int *count) {
  const json_t *list = NULL;
  TRY(sealed_json_member(root, path, name, JSON_ARRAY, &list));
  *count = (int)json_array_size(list);
  TRY(ARENA(a, *count, out));
  for (int i = 0; i < *count; i++) TRY(take_file(json_array_get(list, (size_t)i), path, a, &(*out)[i]));
  return STATUS_OK;
}

static status take_shards_and_stages(const json_t *root, const char *path, arena *a, manifest *out) {
  const json_t *shards = NULL, *stages = NULL;
  TRY(sealed_json_member(root, path, "shards", JSON_ARRAY, &shards));
  TRY(sealed_json_member(root, path, "stages", JSON_ARRAY, &stages));
  out->shard_count = (int)json_array_size(shards);
  out->stage_count = (int)json_array_size(stages);
  TRY(ARENA(a, out->shard_count, &out->shards));
  TRY(ARENA(a, out->stage_count, &out->stages));
  for (int i = 0; i < out->shard_count; i++) TRY(take_shard(json_array_get(shards, (size_t)i), path, &out->shards[i]));
  for (int i = 0; i < out->stage_count; i++)
    TRY(stage_done_take(json_array_get(stages, (size_t)i), path, a, &out->stages[i]));
  return STATUS_OK;
}

static status take_all(const json_t *root, const char *path, arena *a, manifest *out) {
  int64_t format;
  TRY(sealed_json_integer(root, path, "format", &format));
  if (format != FORMAT)
    return status_fail(STATUS_DATA, "%s: written in format %lld, this program reads format %d", path, (long long)format,
                       FORMAT);
  TRY(sealed_json_text(root, path, "job", a, &out->job));
  TRY(sealed_json_text(root, path, "night", a, &out->night));
  TRY(sealed_json_text(root, path, "version", a, &out->version));
  TRY(sealed_json_text(root, path, "settings_digest", a, &out->settings_digest));
  TRY(sealed_json_integer(root, path, "seed", &out->seed));
  TRY(sealed_json_integer(root, path, "rows_read", &out->rows_read));
  TRY(sealed_json_accounts(root, path, "rows", a, &out->rows));
  TRY(sealed_json_integer(root, path, "users_known", &out->users_known));
  TRY(sealed_json_accounts(root, path, "users", a, &out->users));
  TRY(sealed_json_accounts(root, path, "sources", a, &out->sources));
  TRY(sealed_json_accounts(root, path, "languages", a, &out->languages));
  TRY(sealed_json_accounts(root, path, "reasons", a, &out->reasons));
  TRY(take_files(root, path, "inputs", a, &out->inputs, &out->input_count));
  TRY(take_files(root, path, "models", a, &out->models, &out->model_count));
  return take_shards_and_stages(root, path, a, out);
}

status manifest_read(const char *run, arena *a, manifest *out) {
  *out = (manifest){0};
  char *path;
  json_t *root;
  TRY(arena_print(a, &path, "%s/MANIFEST.json", run));
  if (!file_exists(path))
    return status_fail(STATUS_MISSING, "%s has no MANIFEST.json: the night is not finished, or this is no run folder",
                       run);
  TRY(sealed_json_read(path, a, &root));
  const status result = take_all(root, path, a, out);
  json_decref(root);
  return result;
}
