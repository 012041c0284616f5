/* Shards: messages as a zstd seekable file of one protobuf message (proto/message.proto).
 * Layout: frames of whole records (content size and checksum in each), first of all the header record; a skippable
 * frame with the index (nightmail.v1.ShardIndex and its XXH3); the seek table of the zstd seekable format 0.1.0, with
 * checksums. Equal messages and options give equal bytes: no time, host or rank is in it. */
#ifndef IO_SHARD_H
#define IO_SHARD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "data/message.h"
#include "io/digest.h"

typedef struct shard_options {
  const char *job;
  const char *night;
  int index, count;    /* this shard, of how many */
  int64_t frame_bytes; /* uncompressed bytes a frame holds at most, whole records only; a longer record stands alone */
  int level;           /* zstd */
} shard_options;

/* What the manifest says of a shard. */
typedef struct shard_summary {
  char name[64];
  int64_t bytes;       /* of the file */
  int64_t plain_bytes; /* decompressed */
  int64_t records;
  user_id first, last;      /* of the records; zero when there are none */
  char digest[DIGEST_TEXT]; /* BLAKE2b-256 of the file */
  char plain_digest[DIGEST_TEXT];
} shard_summary;

/* "messages-00017-of-00064.pb.zst" */
void shard_name(int index, int count, char out[64]);

typedef struct shard_writer shard_writer;

status shard_writer_open(const char *path, const shard_options *options, shard_writer **out);

/* Appends one message; users must ascend. Fails: STATUS_BUG (order, invalid UTF-8), STATUS_IO. */
status shard_writer_append(shard_writer *w, const message *m);

/* Writes index and seek table, commits by rename. The writer is gone either way. */
status shard_writer_commit(shard_writer *w, shard_summary *out);
void shard_writer_abandon(shard_writer *w);

typedef struct shard_reader shard_reader;

/* Opens a shard and checks index against seek table. Fails: STATUS_MISSING, STATUS_DATA, STATUS_IO. */
status shard_reader_open(const char *path, shard_reader **out);
void shard_reader_close(shard_reader *r);

/* Who wrote it, from the header record; frame_bytes and level are 0. Texts live as long as the reader. */
const shard_options *shard_reader_header(const shard_reader *r);

/* Next message in user order; texts are valid until the next call. *more is 0 after the last. Fails: STATUS_DATA. */
status shard_reader_next(shard_reader *r, message *out, int *more);

/* Finds one user by decompressing one frame; *found is 0 if the user is not in it. Texts are valid until the next call.
 * Moves the place from which shard_reader_next goes on. */
status shard_reader_find(shard_reader *r, user_id user, message *out, int *found);

/* BLAKE2b-256 of what shard_reader_next has decompressed so far; after the last message, of the whole. */
void shard_reader_digest(const shard_reader *r, char out[DIGEST_TEXT]);

/* What was found in shards, counted. */
typedef struct shard_tally {
  int64_t messages;
  int64_t sources[SOURCE_COUNT];
  int64_t languages[LANGUAGE_COUNT];
} shard_tally;

/* Reads all of it against what the manifest says: who wrote it (`options`: job, night, index and count), size, digests,
 * records, order, first and last user, each user in its partition; adds what it holds to `tally`.
 * Fails: STATUS_DATA with the sentence, STATUS_MISSING. */
status shard_verify(const char *path, const shard_options *options, const shard_summary *expected, shard_tally *tally);

#endif
