/* Loaded in front of libc: the n-th request for memory fails, whoever makes it, and what is not given back is counted.
 * The program asks for both by the functions below, which it looks up by name. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void memory_fail_at(long n);
long memory_taken(void);
long memory_held(void);

static atomic_long taken, held, failing;

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static int (*next_posix_memalign)(void **, size_t, size_t);
static void (*next_free)(void *);

/* What is asked for while the functions behind are looked up; never given back. */
static _Alignas(64) char early[65536];
static size_t early_used;

static int is_early(const void *block) {
  return (const char *)block >= early && (const char *)block < early + sizeof early;
}

static void *take_early(size_t bytes) {
  void *block = early + early_used;
  early_used += (bytes + 63) / 64 * 64;
  if (early_used > sizeof early) abort();
  return block;
}

static void find(const char *name, void *function) {
  void *found = dlsym(RTLD_NEXT, name);
  memcpy(function, &found, sizeof found);
}

static int is_ready(void) {
  static int begun;
  if (!begun) {
    begun = 1;
    find("malloc", &next_malloc);
    find("calloc", &next_calloc);
    find("realloc", &next_realloc);
    find("posix_memalign", &next_posix_memalign);
    find("free", &next_free);
  }
  return next_free != NULL;
}

/* From now on the n-th request fails (1: the next); 0: none. */
void memory_fail_at(long n) {
  atomic_store(&taken, 0);
  atomic_store(&failing, n);
}

/* Requests since then. */
long memory_taken(void) { return atomic_load(&taken); }

/* Blocks that were given out and not given back. */
long memory_held(void) { return atomic_load(&held); }

static int fails(void) {
  if (atomic_fetch_add(&taken, 1) + 1 != atomic_load(&failing)) return 0;
  errno = ENOMEM;
  return 1;
}

static void *given(void *block) {
  if (block != NULL) atomic_fetch_add(&held, 1);
  return block;
}

void *malloc(size_t bytes) {
  if (!is_ready()) return take_early(bytes);
  return fails() ? NULL : given(next_malloc(bytes));
}

void *calloc(size_t count, size_t size) {
  if (!is_ready()) return take_early(count * size);
  return fails() ? NULL : given(next_calloc(count, size));
}

void *realloc(void *block, size_t bytes) {
  if (block == NULL) return malloc(bytes);
  if (is_early(block)) abort();
  return fails() ? NULL : next_realloc(block, bytes);
}

int posix_memalign(void **out, size_t alignment, size_t bytes) {
  if (!is_ready()) abort();
  if (fails()) return ENOMEM;
  const int result = next_posix_memalign(out, alignment, bytes);
  if (result == 0) atomic_fetch_add(&held, 1);
  return result;
}

void free(void *block) {
  if (block == NULL || is_early(block) || !is_ready()) return;
  atomic_fetch_sub(&held, 1);
  next_free(block);
}
