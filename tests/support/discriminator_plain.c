#include "support/discriminator_plain.h"

#include <math.h>
#include <stdlib.h>

static double log_odds(const discriminator_shape *s, const double *block, const int32_t *token, int length,
                       const float *condition) {
  const int D = s->embedding, F = s->filters, U = s->hidden, Q = DISCRIMINATOR_WIDTHS * F + s->condition;
  double *feature = calloc((size_t)Q, sizeof *feature);
  const double *at = block + s->vocabulary * D;
  for (int w = 1; w <= DISCRIMINATOR_WIDTHS; w++) {
    for (int f = 0; f < F; f++) {
      double most = 0; /* the ReLU */
      for (int t = 0; t < length; t++) {
        double sum = at[F * w * D + f];
        for (int j = 0; j < w && t + j < length; j++)
          for (int d = 0; d < D; d++) sum += block[token[t + j] * D + d] * at[(f * w + j) * D + d];
        most = fmax(most, sum);
      }
      feature[(w - 1) * F + f] = most;
    }
    at += F * w * D + F;
  }
  for (int c = 0; c < s->condition; c++) feature[DISCRIMINATOR_WIDTHS * F + c] = (double)condition[c];
  double odds = at[U * Q + U + U];
  for (int u = 0; u < U; u++) {
    double sum = at[U * Q + u];
    for (int q = 0; q < Q; q++) sum += at[u * Q + q] * feature[q];
    odds += fmax(0, sum) * at[U * Q + U + u];
  }
  free(feature);
  return odds;
}

double discriminator_plain_loss(const discriminator_shape *s, const double *block, const discriminator_batch *b) {
  double loss = 0;
  for (int n = 0; n < b->texts; n++) {
    const double odds = log_odds(s, block, b->token + n * b->steps, b->length[n], b->condition + n * s->condition);
    const double p = 1 / (1 + exp(-odds));
    loss -= (double)b->label[n] * log(p) + (1 - (double)b->label[n]) * log(1 - p);
  }
  return loss;
}
