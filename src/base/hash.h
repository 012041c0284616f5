/* A 64-bit hash for tables and stable choices inside a run. Identity and corruption have stronger ones in io/digest.h.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The finaliser of MurmurHash3: a bijection in which every input bit moves about half of the output bits. */
static inline uint64_t hash_mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDu;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53u;
  return x ^ (x >> 33);
}

/* FNV-1a over the bytes, finalised by hash_mix. */
static inline uint64_t hash_bytes(const void *bytes, size_t count, uint64_t seed) {
  const unsigned char *b = bytes;
  uint64_t h = 0xCBF29CE484222325u ^ seed;
  for (size_t i = 0; i < count; i++) h = (h ^ b[i]) * 0x100000001B3u;
  return hash_mix(h);
}

#endif
