/* Hashes that leave the process: identity (keyed BLAKE2b) and corruption (BLAKE2b of files, XXH3 of blocks). */
#ifndef IO_DIGEST_H
#define IO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "data/ids.h"

enum { DIGEST_TEXT = 65 }; /* 32 bytes in hexadecimal and a NUL */

typedef struct digest_key {
  unsigned char bytes[32];
} digest_key;

/* The key of a job: BLAKE2b of the key file's contents or, where no file is set (`path` ""), of the seed.
 * Fails: STATUS_MISSING; STATUS_PERMISSION when group or others can read the key file (exit 77). */
status digest_key_load(const char *path, uint64_t seed, digest_key *out);

/* Keyed BLAKE2b-128 over a domain letter ('u' or 'i') and the platform's id. */
user_id digest_user(const digest_key *key, const char *name, size_t length);
item_id digest_item(const digest_key *key, const char *name, size_t length);

/* The idempotency key of a message: the first half of keyed BLAKE2b-128 over the letter 'm', job, night and user. */
uint64_t digest_message(const digest_key *key, const char *job, const char *night, user_id user);

/* BLAKE2b-256 in lower-case hexadecimal. */
void digest_bytes(const void *bytes, size_t count, char out[DIGEST_TEXT]);
status digest_file(const char *path, char out[DIGEST_TEXT]);

/* XXH3-64, for blocks and tensors. */
uint64_t digest_block(const void *bytes, size_t count);

#endif
