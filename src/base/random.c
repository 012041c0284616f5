#include "base/random.h"

#include <math.h>

static void philox_round(uint32_t c[4], const uint32_t k[2]) {
  const uint64_t p0 = (uint64_t)0xD2511F53u * c[0];
  const uint64_t p1 = (uint64_t)0xCD9E8D57u * c[2];
  const uint32_t c1 = c[1], c3 = c[3];
  c[0] = (uint32_t)(p1 >> 32) ^ c1 ^ k[0];
  c[1] = (uint32_t)p1;
  c[2] = (uint32_t)(p0 >> 32) ^ c3 ^ k[1];
  c[3] = (uint32_t)p0;
}

void random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t k[2] = {key[0], key[1]};
  for (int i = 0; i < 4; i++) out[i] = counter[i];
  for (int round = 0; round < 10; round++) {
    philox_round(out, k);
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
}

random_stream random_open(uint64_t seed, random_purpose purpose, uint64_t id, uint32_t step) {
  random_stream r = {0};
  r.key[0] = (uint32_t)seed;
  r.key[1] = (uint32_t)(seed >> 32) ^ ((uint32_t)purpose * 0x9E3779B1u);
  r.counter[1] = step;
  r.counter[2] = (uint32_t)id;
  r.counter[3] = (uint32_t)(id >> 32);
  return r;
}

uint32_t random_u32(random_stream *r) {
  if (r->left == 0) {
    random_block(r->counter, r->key, r->block);
    r->counter[0]++;
    r->left = 4;
  }
  return r->block[4 - r->left--];
}

float random_unit(random_stream *r) { return (float)(random_u32(r) >> 8) * 0x1p-24f; }

double random_unit_f64(random_stream *r) {
  const uint64_t high = random_u32(r) >> 5, low = random_u32(r) >> 6;
  return (double)(high * 67108864u + low) * 0x1p-53;
}

uint32_t random_below(random_stream *r, uint32_t n) {
  /* Lemire, "Fast random integer generation in an interval", 2019. */
  uint64_t product = (uint64_t)random_u32(r) * n;
  if ((uint32_t)product < n) {
    const uint32_t threshold = (0u - n) % n;
    while ((uint32_t)product < threshold) product = (uint64_t)random_u32(r) * n;
  }
  return (uint32_t)(product >> 32);
}

float random_normal(random_stream *r) {
  const double u = 1.0 - random_unit_f64(r), v = random_unit_f64(r);
  return (float)(sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v));
}
