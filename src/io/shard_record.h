/* The records of a shard (proto/message.proto) and the numbers of its file format, for the writer and the reader. */
#ifndef IO_SHARD_RECORD_H
#define IO_SHARD_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "data/message.h"
#include "io/shard.h"
#include "message.pb-c.h"

typedef Nightmail__V1__Message message_record;
typedef Nightmail__V1__Header header_record;
typedef Nightmail__V1__ShardIndex index_record;
typedef Nightmail__V1__ShardIndex__Frame frame_record;

enum {
  SHARD_FORMAT = 1,
  SHARD_TAG_MESSAGE = 0x0A, /* field 1, length-delimited */
  SHARD_TAG_HEADER = 0x7A,  /* field 15, length-delimited */
  SHARD_USER_BYTES = 16,
  SHARD_VARINT_MOST = 10,   /* bytes of a varint at most */
  SHARD_SKIPPABLE_HEAD = 8, /* magic and size of a skippable frame */
  SHARD_ENTRY = 12,         /* of the seek table: compressed bytes, plain bytes, checksum */
  SHARD_FOOTER = 9,         /* of the seek table: frames, descriptor, magic */
  SHARD_DESCRIPTOR = 0x80,  /* entries have checksums */
};
#define SHARD_MAGIC_INDEX 0x184D2A5Bu
#define SHARD_MAGIC_TABLE 0x184D2A5Eu
#define SHARD_MAGIC_FOOTER 0x8F92EAB1u

/* One frame, as index and seek table describe it. */
typedef struct shard_frame {
  uint64_t offset, bytes, plain_bytes, records;
  unsigned char first[SHARD_USER_BYTES], last[SHARD_USER_BYTES];
  uint64_t digest;   /* XXH3-64 of the plain bytes */
  uint32_t checksum; /* low 32 bits of their XXH64 */
} shard_frame;

/* The 16 bytes of an id, so that comparing bytes is comparing ids. */
void shard_record_put_user(user_id id, unsigned char out[SHARD_USER_BYTES]);
user_id shard_record_get_user(const unsigned char bytes[SHARD_USER_BYTES]);

/* Tag and length before a record of `length` bytes; returns how many bytes were written to `out`. */
size_t shard_record_put_head(unsigned char tag, uint64_t length, unsigned char out[1 + SHARD_VARINT_MOST]);

/* Finds the record that begins at bytes[*at, count), and moves *at behind it. 0 if it does not fit. */
int shard_record_get_head(const unsigned char *bytes, size_t count, size_t *at, unsigned char *tag,
                          const unsigned char **record, size_t *length);

/* Fills `out` from a message; it points into `m` and into `user`. Fails: STATUS_BUG for a text that is not UTF-8. */
status shard_record_from(const message *m, unsigned char user[SHARD_USER_BYTES], message_record *out);

/* The message of an unpacked record, pointing into it. 0 if it is none: an enum out of range, a text that is not UTF-8.
 */
int shard_record_to(const message_record *record, message *out);

/* Little-endian, wherever it stands. */
uint32_t shard_record_u32(const unsigned char *bytes);
void shard_record_put_u32(uint32_t value, unsigned char *out);

/* Low 32 bits of XXH64, as the seek table holds them. */
uint32_t shard_record_checksum(const void *bytes, size_t count);

#endif
