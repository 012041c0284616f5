#define _DEFAULT_SOURCE /* madvise */
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

void pages_want_large(void *memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
  const uintptr_t begin = ((uintptr_t)memory + PAGES_LARGE - 1) / PAGES_LARGE * PAGES_LARGE;
  const uintptr_t end = ((uintptr_t)memory + bytes) / PAGES_LARGE * PAGES_LARGE;
  if (memory != NULL && begin < end) madvise((void *)begin, end - begin, MADV_HUGEPAGE);
#else
  (void)memory;
  (void)bytes;
#endif
}
