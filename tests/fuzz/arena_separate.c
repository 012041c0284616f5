/* In place of base/arena.c in the fuzzers: a block of its own for each request, so that the sanitizer sees the end of
 * each. The same contract otherwise. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { ALIGNMENT = 64, LARGE_BYTES = 1 << 18 };

struct arena_chunk {
  arena_chunk *older;
  size_t bytes;
};

_Static_assert(sizeof(struct arena_chunk) <= ALIGNMENT, "stands before the block");

void arena_free(arena *a) { arena_release(a, (arena_mark){0}); }

/* Zeroed. A large block comes from the system as it is, aligned and zero, and is not touched here: readers take buffers
 * of which small inputs use little. */
static void *take_block(size_t bytes) {
  void *block = bytes >= LARGE_BYTES ? calloc(1, bytes) : NULL;
  if (block != NULL && (uintptr_t)block % ALIGNMENT == 0) return block;
  free(block);
  if (posix_memalign(&block, ALIGNMENT, bytes) != 0) return NULL;
  return memset(block, 0, bytes);
}

status arena_take(arena *a, int64_t count, size_t size, void **out) {
  *out = NULL;
  size_t bytes = 0;
  if (count < 0 || __builtin_mul_overflow((size_t)count, size, &bytes) || bytes > SIZE_MAX / 2)
    return status_fail(STATUS_BUG, "out of memory");
  arena_chunk *chunk = take_block(ALIGNMENT + bytes);
  if (chunk == NULL) return status_fail(STATUS_BUG, "out of memory");
  *chunk = (arena_chunk){.older = a->last, .bytes = bytes};
  a->last = chunk;
  *out = (char *)chunk + ALIGNMENT;
  return STATUS_OK;
}

status arena_text(arena *a, const char *text, size_t length, char **out) {
  TRY(ARENA(a, (int64_t)length + 1, out));
  if (length > 0) memcpy(*out, text, length);
  return STATUS_OK;
}

status arena_print(arena *a, char **out, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  const status taken = ARENA(a, (int64_t)length + 1, out);
  if (taken == STATUS_OK) vsnprintf(*out, (size_t)length + 1, format, again);
  va_end(again);
  return taken;
}

arena_mark arena_here(const arena *a) { return (arena_mark){.chunk = a->last}; }

void arena_release(arena *a, arena_mark mark) {
  while (a->last != mark.chunk) {
    arena_chunk *older = a->last->older;
    free(a->last);
    a->last = older;
  }
}

size_t arena_bytes(const arena *a) {
  size_t total = 0;
  for (const arena_chunk *chunk = a->last; chunk != NULL; chunk = chunk->older) total += chunk->bytes;
  return total;
}

/* Nothing fails on purpose here. */
void arena_fail_after(int64_t n) { (void)n; }
