#include "io/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/watchdog.h"
#include "io/file.h"

static status read_key(const char *path, digest_key *out) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return errno == ELOOP ? status_fail(STATUS_PERMISSION, "%s: the key file must not be a link", path)
                          : file_fault(path, "open the key file", errno);
  struct stat about;
  unsigned char text[4096];
  const ssize_t length = fstat(fd, &about) == 0 ? read(fd, text, sizeof text) : -1;
  close(fd);
  if (length < 0) return status_fail(STATUS_IO, "%s: cannot read the key file", path);
  if (!S_ISREG(about.st_mode) || about.st_uid != geteuid() || (about.st_mode & 077) != 0)
    return status_fail(STATUS_PERMISSION, "%s: the key file must be yours alone; run: chmod 600 on it", path);
  if (length < 16)
    return status_fail(STATUS_DATA, "%s: a key needs at least 16 bytes, this file has %d", path, (int)length);
  crypto_generichash(out->bytes, sizeof out->bytes, text, (unsigned long long)length, NULL, 0);
  sodium_memzero(text, sizeof text);
  return STATUS_OK;
}

status digest_key_load(const char *path, uint64_t seed, digest_key *out) {
  if (sodium_init() < 0) return status_fail(STATUS_BUG, "libsodium does not start");
  if (path[0] != '\0') return read_key(path, out);
  char text[64];
  const int length = snprintf(text, sizeof text, "nightmail seed %llu", (unsigned long long)seed);
  crypto_generichash(out->bytes, sizeof out->bytes, (const unsigned char *)text, (unsigned long long)length, NULL, 0);
  return STATUS_OK;
}

static uint64_t big_endian(const unsigned char *b) {
  uint64_t v = 0;
  for (int i = 0; i < 8; i++) v = v << 8 | b[i];
  return v;
}

enum { USER_BYTES = 16 };

static void begin(crypto_generichash_state *state, const digest_key *key, char kind) {
  crypto_generichash_init(state, key->bytes, sizeof key->bytes, USER_BYTES);
  crypto_generichash_update(state, (const unsigned char *)&kind, 1);
}

static void add(crypto_generichash_state *state, const char *text, size_t length) {
  crypto_generichash_update(state, (const unsigned char *)text, length);
}

static user_id end(crypto_generichash_state *state) {
  unsigned char out[USER_BYTES];
  crypto_generichash_final(state, out, sizeof out);
  return (user_id){big_endian(out), big_endian(out + 8)};
}

user_id digest_user(const digest_key *key, const char *name, size_t length) {
  crypto_generichash_state state;
  begin(&state, key, 'u');
  add(&state, name, length);
  return end(&state);
}

item_id digest_item(const digest_key *key, const char *name, size_t length) {
  crypto_generichash_state state;
  begin(&state, key, 'i');
  add(&state, name, length);
  const user_id id = end(&state);
  return (item_id){id.high, id.low};
}

uint64_t digest_message(const digest_key *key, const char *job, const char *night, user_id user) {
  crypto_generichash_state state;
  char name[2 * USER_BYTES + 1];
  snprintf(name, sizeof name, "%016llx%016llx", (unsigned long long)user.high, (unsigned long long)user.low);
  begin(&state, key, 'm');
  add(&state, job, strlen(job));
  add(&state, "\n", 1);
  add(&state, night, strlen(night));
  add(&state, "\n", 1);
  add(&state, name, strlen(name));
  return end(&state).high;
}

static void hexadecimal(const unsigned char *bytes, char out[DIGEST_TEXT]) {
  sodium_bin2hex(out, DIGEST_TEXT, bytes, 32);
}

void digest_bytes(const void *bytes, size_t count, char out[DIGEST_TEXT]) {
  unsigned char hash[32];
  crypto_generichash(hash, sizeof hash, bytes, count, NULL, 0);
  hexadecimal(hash, out);
}

status digest_file(const char *path, char out[DIGEST_TEXT]) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) return file_fault(path, "read", errno);
  crypto_generichash_state state;
  crypto_generichash_init(&state, NULL, 0, 32);
  unsigned char piece[1 << 16];
  size_t length;
  while ((length = fread(piece, 1, sizeof piece, f)) > 0) {
    crypto_generichash_update(&state, piece, length);
    watchdog_pulse();
  }
  const int failed = ferror(f);
  fclose(f);
  if (failed) return status_fail(STATUS_IO, "%s: cannot read", path);
  unsigned char hash[32];
  crypto_generichash_final(&state, hash, sizeof hash);
  hexadecimal(hash, out);
  return STATUS_OK;
}

uint64_t digest_block(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }
