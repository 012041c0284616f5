/* Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * A stream is named by (seed, purpose, id, step) and never by rank, thread or time, so any rank that needs the numbers
 * of a user or a minibatch row draws the same ones. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* One purpose per independent use, so that no two uses share a stream. Append only: a value's place is part of every
 * result. */
typedef enum random_purpose {
  RANDOM_FACTORS = 1,
  RANDOM_SEGMENTS,
  RANDOM_WEIGHTS,
  RANDOM_SHUFFLE,
  RANDOM_DROPOUT,
  RANDOM_SAMPLE,
  RANDOM_ROLLOUT,
  RANDOM_DISCRIMINATOR,
  RANDOM_DECIDE,
  RANDOM_HOLDOUT,
  RANDOM_GENERATE,
  RANDOM_SYNTH,
  RANDOM_SPLIT,
  RANDOM_TEST,
  RANDOM_TUNE,
  RANDOM_POSTERIOR,
  RANDOM_BOOTSTRAP,
  RANDOM_SPECTRUM,
} random_purpose;

typedef struct random_stream {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block[4];
  int left; /* words of block not handed out yet */
} random_stream;

random_stream random_open(uint64_t seed, random_purpose purpose, uint64_t id, uint32_t step);

uint32_t random_u32(random_stream *r);

/* Uniform in [0, 1), 24 bits. */
float random_unit(random_stream *r);

/* Uniform in [0, 1), 53 bits. */
double random_unit_f64(random_stream *r);

/* Uniform in [0, n), without modulo bias; n > 0. */
uint32_t random_below(random_stream *r, uint32_t n);

/* Standard normal (Box-Muller). */
float random_normal(random_stream *r);

/* One raw Philox4x32-10 block, for tests against the published vectors. */
void random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
