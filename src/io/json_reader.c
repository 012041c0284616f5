#include "io/json_reader.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* While jansson is at work, its blocks are listed; the first one that cannot be had leaves it by a jump, and what it
 * held is given back here. Before and after, its memory is malloc's. */
static _Thread_local struct {
  int is_on;
  jmp_buf out;
  void **block; /* [room], the first `count` are held */
  size_t count, room;
} guard;

static int make_room(void) {
  if (guard.count < guard.room) return 1;
  const size_t room = 2 * guard.room + 64;
  void **larger = realloc(guard.block, room * sizeof *larger);
  if (larger == NULL) return 0;
  guard.block = larger;
  guard.room = room;
  return 1;
}

static void *take(size_t bytes) {
  if (!guard.is_on) return malloc(bytes);
  void *block = make_room() ? malloc(bytes) : NULL;
  if (block == NULL) longjmp(guard.out, 1);
  guard.block[guard.count++] = block;
  return block;
}

/* What is given back was mostly taken a moment ago. */
static void give(void *block) {
  for (size_t i = guard.is_on ? guard.count : 0; i > 0; i--) {
    if (guard.block[i - 1] != block) continue;
    guard.block[i - 1] = guard.block[--guard.count];
    break;
  }
  free(block);
}

static void end(int is_lost) {
  guard.is_on = 0;
  for (size_t i = 0; is_lost && i < guard.count; i++) free(guard.block[i]);
  free(guard.block);
  guard.block = NULL;
  guard.count = guard.room = 0;
}

status json_reader_load(const char *path, const char *bytes, size_t count, json_t **out) {
  json_error_t fault;
  *out = NULL;
  json_set_alloc_funcs(take, give);
  if (setjmp(guard.out) != 0) {
    end(1);
    return status_fail(STATUS_BUG, "%s: out of memory", path);
  }
  guard.is_on = 1;
  *out = json_loadb(bytes, count, JSON_REJECT_DUPLICATES, &fault);
  end(0);
  if (*out == NULL) return status_fail(STATUS_DATA, "%s:%d:%d: %s", path, fault.line, fault.column, fault.text);
  return STATUS_OK;
}

status json_reader_members(const json_t *object, arena *a, char **out) {
  *out = NULL;
  json_set_alloc_funcs(take, give);
  if (setjmp(guard.out) != 0) {
    end(1);
    return status_fail(STATUS_BUG, "out of memory for a text");
  }
  guard.is_on = 1;
  char *text = json_dumps(object, JSON_EMBED | JSON_REAL_PRECISION(9));
  end(0);
  if (text == NULL) return status_fail(STATUS_BUG, "JSON that cannot be printed");
  const status result = arena_text(a, text, strlen(text), out);
  free(text);
  return result;
}
