#include "io/json_reader.h"

#include <stdlib.h>

static _Thread_local int is_out_of_memory;

static void *take(size_t bytes) {
  void *memory = malloc(bytes);
  if (memory == NULL) is_out_of_memory = 1;
  return memory;
}

/* jansson's lexer drops a character when its buffer cannot grow, so what it returns then is not looked at. */
status json_reader_load(const char *path, const char *bytes, size_t count, json_t **out) {
  json_error_t fault;
  json_set_alloc_funcs(take, free);
  is_out_of_memory = 0;
  *out = json_loadb(bytes, count, JSON_REJECT_DUPLICATES, &fault);
  if (is_out_of_memory) {
    json_decref(*out);
    *out = NULL;
    return status_fail(STATUS_BUG, "%s: out of memory", path);
  }
  if (*out == NULL) return status_fail(STATUS_DATA, "%s:%d:%d: %s", path, fault.line, fault.column, fault.text);
  return STATUS_OK;
}
