#include "math/uniform.h"

#include "math/kernel.h"

enum { BLOCKS = 16, WORDS = 4, ROUNDS = 10 };

/* BLOCKS blocks from counter on; word w of block b is the number 4 b + w. */
KERNEL static void uniform_blocks(const uint32_t counter[WORDS], const uint32_t key[2], float *restrict out) {
  uint32_t c[WORDS][BLOCKS], k0 = key[0], k1 = key[1];
  for (uint32_t b = 0; b < BLOCKS; b++) {
    c[0][b] = counter[0] + b;
    for (int w = 1; w < WORDS; w++) c[w][b] = counter[w];
  }
  for (int round = 0; round < ROUNDS; round++) {
#pragma omp simd
    for (int b = 0; b < BLOCKS; b++) {
      const uint64_t p0 = (uint64_t)0xD2511F53u * c[0][b], p1 = (uint64_t)0xCD9E8D57u * c[2][b];
      const uint32_t c1 = c[1][b], c3 = c[3][b];
      c[0][b] = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
      c[1][b] = (uint32_t)p1;
      c[2][b] = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
      c[3][b] = (uint32_t)p0;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  for (int b = 0; b < BLOCKS; b++)
    for (int w = 0; w < WORDS; w++) out[WORDS * b + w] = (float)(int32_t)(c[w][b] >> 8) * 0x1p-24f;
}

void uniform_fill(random_stream r, float *out, int64_t count) {
  enum { PIECE = BLOCKS * WORDS };
  float piece[PIECE];
  for (int64_t done = 0; done < count; done += PIECE, r.counter[0] += BLOCKS) {
    const int64_t here = count - done < PIECE ? count - done : PIECE;
    uniform_blocks(r.counter, r.key, here == PIECE ? out + done : piece);
    if (here < PIECE) memcpy(out + done, piece, (size_t)here * sizeof *out);
  }
}
