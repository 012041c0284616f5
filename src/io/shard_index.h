/* Where a shard's frames are: its index and its seek table, read from the end of the file and held against each other.
 */
#ifndef IO_SHARD_INDEX_H
#define IO_SHARD_INDEX_H

#include "base/arena.h"
#include "base/status.h"
#include "io/random_file.h"
#include "io/shard_record.h"

typedef struct shard_index {
  int64_t frame_count; /* with messages; at least 1, since the header is in the first */
  shard_frame *frames; /* in the order of the file, without a gap */
} shard_index;

/* Fails: STATUS_DATA where the file is cut, or index and seek table are damaged or contradict each other; STATUS_IO. */
status shard_index_read(random_file *f, const char *path, arena *a, shard_index *out);

/* The frame that would hold `user`, or -1 if none can. */
int64_t shard_index_find(const shard_index *index, user_id user);

#endif
