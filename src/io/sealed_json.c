#include "io/sealed_json.h"

#include <math.h>
#include <string.h>

#include "io/digest.h"
#include "io/file.h"
#include "io/json_reader.h"

#define SEAL_START ",\n  \"digest\": \""
#define SEAL_END "\"\n}\n"

enum { SEAL_BYTES = sizeof SEAL_START - 1 + DIGEST_TEXT - 1 + sizeof SEAL_END - 1 };

static void seal(const char *bytes, int64_t count, char out[SEAL_BYTES + 1]) {
  char digest[DIGEST_TEXT];
  digest_bytes(bytes, (size_t)count, digest);
  memcpy(out, SEAL_START, sizeof SEAL_START - 1);
  memcpy(out + sizeof SEAL_START - 1, digest, DIGEST_TEXT - 1);
  memcpy(out + sizeof SEAL_START - 1 + DIGEST_TEXT - 1, SEAL_END, sizeof SEAL_END);
}

status sealed_json_write(const char *path, json_writer *w) {
  TRY(w->failed);
  char end[SEAL_BYTES + 1];
  seal(w->bytes, w->used, end);
  json_writer_raw(w, end, SEAL_BYTES);
  TRY(w->failed);
  json_t *parsed = NULL;
  const status read = json_reader_load(path, w->bytes, (size_t)w->used, &parsed);
  if (read == STATUS_DATA)
    return status_fail(STATUS_BUG, "%s: about to write JSON that cannot be read: %s", path, status_text());
  TRY(read);
  json_decref(parsed);
  return file_write(path, w->bytes, (size_t)w->used);
}

status sealed_json_read(const char *path, arena *a, json_t **out) {
  *out = NULL;
  char *bytes = NULL, end[SEAL_BYTES + 1];
  int64_t count = 0;
  TRY(file_read(path, a, &bytes, &count));
  if (count > SEAL_BYTES) seal(bytes, count - SEAL_BYTES, end);
  if (count <= SEAL_BYTES || memcmp(bytes + count - SEAL_BYTES, end, SEAL_BYTES) != 0)
    return status_fail(STATUS_DATA, "%s: has been cut, damaged or edited: its digest does not match", path);
  return json_reader_load(path, bytes, (size_t)count, out);
}

status sealed_json_member(const json_t *object, const char *path, const char *name, json_type type,
                          const json_t **out) {
  *out = json_object_get(object, name);
  if (*out == NULL || json_typeof(*out) != type)
    return status_fail(STATUS_DATA, "%s: the member \"%s\" is not there or of another type", path, name);
  return STATUS_OK;
}

status sealed_json_text(const json_t *object, const char *path, const char *name, arena *a, const char **out) {
  const json_t *member = NULL;
  char *text = NULL;
  TRY(sealed_json_member(object, path, name, JSON_STRING, &member));
  TRY(arena_text(a, json_string_value(member), json_string_length(member), &text));
  *out = text;
  return STATUS_OK;
}

status sealed_json_integer(const json_t *object, const char *path, const char *name, int64_t *out) {
  const json_t *member = NULL;
  TRY(sealed_json_member(object, path, name, JSON_INTEGER, &member));
  *out = (int64_t)json_integer_value(member);
  return STATUS_OK;
}

status sealed_json_real(const json_t *object, const char *path, const char *name, double *out) {
  const json_t *member = json_object_get(object, name);
  if (!json_is_number(member) && !json_is_null(member))
    return status_fail(STATUS_DATA, "%s: the member \"%s\" is not there or no number", path, name);
  *out = json_is_null(member) ? (double)NAN : json_number_value(member);
  return STATUS_OK;
}

status sealed_json_accounts(const json_t *object, const char *path, const char *name, arena *a, accounts *out) {
  const json_t *member = NULL;
  TRY(sealed_json_member(object, path, name, JSON_OBJECT, &member));
  *out = (accounts){0};
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)member, key, value) {
    char *copy = NULL;
    if (!json_is_integer(value))
      return status_fail(STATUS_DATA, "%s: \"%s\" in \"%s\" is no whole number", path, key, name);
    TRY(arena_text(a, key, strlen(key), &copy));
    accounts_add(out, copy, (int64_t)json_integer_value(value));
  }
  return STATUS_OK;
}
