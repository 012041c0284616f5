#include "io/digest_stream.h"

enum { BYTES = 32 };

void digest_stream_start(digest_stream *d) { crypto_generichash_init(&d->state, NULL, 0, BYTES); }

void digest_stream_add(digest_stream *d, const void *bytes, size_t count) {
  crypto_generichash_update(&d->state, bytes, count);
}

void digest_stream_text(const digest_stream *d, char out[DIGEST_TEXT]) {
  digest_stream so_far = *d;
  unsigned char hash[BYTES];
  crypto_generichash_final(&so_far.state, hash, sizeof hash);
  sodium_bin2hex(out, DIGEST_TEXT, hash, sizeof hash);
}
