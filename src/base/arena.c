#include "base/arena.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Small requests share chunks of 256 KiB; a larger one gets a chunk of its own, which the system returns zeroed and
 * takes back whole, so that stages that load and drop large tables do not fragment the heap. */
enum { ALIGNMENT = 64, CHUNK_BYTES = 256 * 1024, LARGE_BYTES = 2 * CHUNK_BYTES };

struct arena_chunk {
  arena_chunk *older;
  size_t used;
  size_t capacity;
  char *bytes; /* aligned */
};

static _Thread_local int64_t requests_until_failure = -1;

void arena_fail_after(int64_t n) { requests_until_failure = n; }

/* glibc learns from the first large block that is freed to keep such blocks: a process would hold on to what its
 * largest stage took until it ends. A threshold that is set is not learned. */
static void return_large_blocks(void) {
#ifdef M_MMAP_THRESHOLD
  static _Thread_local int is_set;
  if (!is_set) mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
  is_set = 1;
#endif
}

static arena_chunk *chunk_create(size_t capacity) {
  return_large_blocks();
  arena_chunk *chunk = calloc(1, sizeof *chunk + ALIGNMENT + capacity);
  if (chunk == NULL) return NULL;
  char *first = (char *)(chunk + 1);
  chunk->bytes = first + (ALIGNMENT - (uintptr_t)first % ALIGNMENT) % ALIGNMENT;
  chunk->capacity = capacity;
  return chunk;
}

void arena_free(arena *a) {
  while (a->last != NULL) {
    arena_chunk *older = a->last->older;
    free(a->last);
    a->last = older;
  }
}

static status out_of_memory(size_t bytes) {
  return status_fail(STATUS_BUG, "out of memory: %zu more bytes were asked for; use more ranks or nodes", bytes);
}

status arena_take(arena *a, int64_t count, size_t size, void **out) {
  *out = NULL;
  size_t bytes = 0;
  if (count < 0 || __builtin_mul_overflow((size_t)count, size, &bytes) || bytes > SIZE_MAX / 2)
    return out_of_memory(SIZE_MAX);
  bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (bytes == 0) bytes = ALIGNMENT;
  if (requests_until_failure == 0) return out_of_memory(bytes);
  if (requests_until_failure > 0) requests_until_failure--;

  arena_chunk *chunk = a->last;
  if (chunk == NULL || chunk->capacity - chunk->used < bytes) {
    chunk = chunk_create(bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES);
    if (chunk == NULL) return out_of_memory(bytes);
    chunk->older = a->last;
    a->last = chunk;
  }
  *out = chunk->bytes + chunk->used;
  chunk->used += bytes;
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

arena_mark arena_here(const arena *a) { return (arena_mark){a->last, a->last != NULL ? a->last->used : 0}; }

void arena_release(arena *a, arena_mark mark) {
  while (a->last != mark.chunk) {
    arena_chunk *older = a->last->older;
    free(a->last);
    a->last = older;
  }
  if (a->last == NULL) return;
  memset(a->last->bytes + mark.used, 0, a->last->used - mark.used);
  a->last->used = mark.used;
}

void arena_trim(void) {
#ifdef M_MMAP_THRESHOLD
  malloc_trim(0);
#endif
}

size_t arena_bytes(const arena *a) {
  size_t total = 0;
  for (const arena_chunk *chunk = a->last; chunk != NULL; chunk = chunk->older) total += chunk->capacity;
  return total;
}
