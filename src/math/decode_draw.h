/* Choosing among logits without sorting them: sums by chunks of the vocabulary, taken in one pass while the logits come
 * from their product, and draws that look at one chunk. Private to the decoder (decode*.c).
 *
 * A strip of DECODE_STRIP positions is scanned against its own largest logit; strips are brought to one scale when the
 * row is drawn from. */
#ifndef MATH_DECODE_DRAW_H
#define MATH_DECODE_DRAW_H

#include <stdint.h>

#include "math/kernel.h"

enum { DECODE_STRIP = 512, DECODE_CHUNK = 64, DECODE_STRIP_CHUNKS = DECODE_STRIP / DECODE_CHUNK };

/* A logit that stands for "not this one". */
#define DECODE_CLOSED (-1e30f)

/* A row of logits over a list of `count` positions. Positions before `first` (</s> and slots) belong to the caller, who
 * says which of them are open. */
typedef struct decode_draw {
  int count, first;
  float sharpness; /* 1 / temperature */
  float *logit;    /* [count], biased */
  float *chunk;    /* [count / CHUNK + 1] sums of exp((logit - most of the strip) × sharpness) over what is open */
  float *most;     /* [count / STRIP + 1] largest logit of each strip, open or not */
  float *one;      /* [count / STRIP + 1] sums of exp(logit - most), open or not */
  float *shut;     /* [count / STRIP + 1] of it, what is not open */
  /* after decode_draw_end_scan */
  float top;         /* largest of all strips and specials */
  double normaliser; /* log of the sum of all, open or not */
  double open;       /* share of it that is open */
} decode_draw;

/* Room for the sums of a row over at most `count` positions. */
void decode_draw_lay_out(int count, kernel_scratch *scratch, decode_draw *out);

/* Adds the bias to positions [from, from + count) of one strip, count <= STRIP, and takes their sums.
 *   shut [count] of bytes, 1: not open (its logit becomes CLOSED); NULL: all open */
void decode_draw_scan(decode_draw *d, int from, int count, const float *bias, const uint8_t *shut);

/* After all strips, and with biased logits at positions [0, first), of which open[i] may come. */
void decode_draw_end_scan(decode_draw *d, const uint8_t *open);

/* A position drawn by `share` in [0, 1), in proportion to its weight; *within gets where in its interval the share
 * fell, in [0, 1), and *probability its weight's share. -1 where nothing is open. */
int decode_draw_weighted(const decode_draw *d, double share, double *within, double *probability);

/* Weight of a position, and of all that are open, on one scale. */
double decode_draw_weight(const decode_draw *d, int position);
double decode_draw_total(const decode_draw *d);

/* The likeliest open position; -1: none. */
int decode_draw_likeliest(const decode_draw *d);

/* Takes a position out. */
void decode_draw_refuse(decode_draw *d, int position);

/* The k likeliest open positions in falling order, ties by place; returns how many there are. */
int decode_draw_best(const decode_draw *d, int k, int32_t *out);

#endif
