#include "io/proto_memory.h"

static void *take(void *context, size_t bytes) {
  proto_memory *m = context;
  void *block = NULL;
  if (arena_take(m->arena, 1, bytes, &block) != STATUS_OK) m->is_out = 1;
  return block;
}

static void give(void *context, void *block) {
  (void)context;
  (void)block;
}

void proto_memory_start(proto_memory *m, arena *a) {
  *m = (proto_memory){.allocator = {.alloc = take, .free = give, .allocator_data = m}, .arena = a};
}

status proto_memory_fault(const proto_memory *m, const char *path, const char *what) {
  if (m->is_out) return status_fail(STATUS_BUG, "%s: out of memory", path);
  return status_fail(STATUS_DATA, "%s: %s", path, what);
}
