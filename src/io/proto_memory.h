/* Unpacking protobuf-c into an arena: when memory is out halfway it does not find all of what it took again. */
#ifndef IO_PROTO_MEMORY_H
#define IO_PROTO_MEMORY_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

/* Holds a pointer to itself, so it must stay where it was started. */
typedef struct proto_memory {
  ProtobufCAllocator allocator; /* for NAME__unpack; NAME__free_unpacked is not needed */
  arena *arena;
  int is_out;
} proto_memory;

void proto_memory_start(proto_memory *m, arena *a);

/* Why unpacking returned NULL. Returns STATUS_BUG where memory is out; else STATUS_DATA with "PATH: WHAT". */
status proto_memory_fault(const proto_memory *m, const char *path, const char *what);

#endif
