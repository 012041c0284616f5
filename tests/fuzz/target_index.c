/* io/shard_index: the index and the seek table of a shard, and what the reader makes of them.
 * Input: whether checksums and magic numbers are put right first; a shard. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/shard_parts.h"
#include "io/shard.h"
#include "io/shard_index.h"

/* Frames that were accepted lie in the file, one after another. */
static void check_frames(const shard_index *index, size_t length) {
  uint64_t end = 0;
  FUZZ_HOLDS(index->frame_count >= 1);
  for (int64_t i = 0; i < index->frame_count; i++) {
    const shard_frame *f = &index->frames[i];
    FUZZ_HOLDS(f->offset == end);
    end += f->bytes;
    FUZZ_HOLDS(end <= length);
    if (f->records > 0) FUZZ_HOLDS(shard_index_find(index, shard_record_get_user(f->first)) == i);
  }
}

static void read_index(const char *path, size_t length) {
  random_file *file = NULL;
  shard_index index = {0};
  arena a = {0};
  FUZZ_HOLDS(random_file_open(path, &file) == STATUS_OK);
  const status result = shard_index_read(file, path, &a, &index);
  if (result == STATUS_OK)
    check_frames(&index, length);
  else
    fuzz_failed(result);
  random_file_close(file);
  arena_free(&a);
}

static void read_shard(const char *path) {
  shard_reader *r = NULL;
  message m;
  int more = 1;
  status result = shard_reader_open(path, &r);
  while (result == STATUS_OK && more) result = shard_reader_next(r, &m, &more);
  if (result != STATUS_OK) fuzz_failed(result);
  shard_reader_close(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  if (count < 1) return 0;
  const size_t length = count - 1;
  uint8_t *file = malloc(count);
  FUZZ_HOLDS(file != NULL);
  memcpy(file, bytes + 1, length);
  if (bytes[0] & 1) shard_parts_repair(file, length);
  const char *path = fuzz_file("messages-00000-of-00002.pb.zst", file, length);
  free(file);
  read_index(path, length);
  read_shard(path);
  return 0;
}
