/* Making a shard around bytes that are no good: what the fuzzer may not be asked to guess. */
#ifndef FUZZ_SHARD_PARTS_H
#define FUZZ_SHARD_PARTS_H

#include <stddef.h>
#include <stdint.h>

/* A shard of these plain bytes: cut into frames of `per_frame` records as far as there are records, each packed, with
 * an index and a seek table that fit. The caller frees it. */
uint8_t *shard_parts_build(const uint8_t *plain, size_t count, int per_frame, size_t *length);

/* In place: makes the seek table and the index frame of a damaged shard look whole (magic numbers, sizes, the checksum
 * of the index), as far as they can be found. */
void shard_parts_repair(uint8_t *file, size_t length);

#endif
