/* BLAKE2b-256 of bytes that come in pieces. */
#ifndef IO_DIGEST_STREAM_H
#define IO_DIGEST_STREAM_H

#include <sodium.h>
#include <stddef.h>

#include "io/digest.h"

typedef struct digest_stream {
  crypto_generichash_state state;
} digest_stream;

void digest_stream_start(digest_stream *d);
void digest_stream_add(digest_stream *d, const void *bytes, size_t count);

/* Of all so far, in lower-case hexadecimal; more may be added afterwards. */
void digest_stream_text(const digest_stream *d, char out[DIGEST_TEXT]);

#endif
