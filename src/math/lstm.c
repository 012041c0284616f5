#include "math/lstm.h"

#include "math/kernel.h"

KERNEL static void forward(int rows, int hidden_width, float *gates, const float *base, const float *before,
                           const float *extra, float *cell, float *hidden) {
  const size_t h = (size_t)hidden_width;
  for (size_t n = 0; n < (size_t)rows; n++) {
    float *restrict input = gates + n * 4 * h, *restrict forget = input + h;
    float *restrict output = input + 2 * h, *restrict candidate = input + 3 * h;
    const float *restrict b = base + n * 4 * h;
    const float *c0 = before + n * h;
    float *c1 = cell + n * h;
    float *restrict out = hidden + n * h;
    const float *more = extra == NULL ? NULL : extra + n * h;
#pragma omp simd
    for (size_t k = 0; k < h; k++) {
      const float i = kernel_sigmoid(input[k] + b[k]), f = kernel_sigmoid(forget[k] + b[h + k]);
      const float o = kernel_sigmoid(output[k] + b[2 * h + k]), g = kernel_tanh(candidate[k] + b[3 * h + k]);
      const float c = f * c0[k] + i * g + (more == NULL ? 0 : more[k]);
      input[k] = i;
      forget[k] = f;
      output[k] = o;
      candidate[k] = g;
      c1[k] = c;
      out[k] = o * kernel_tanh(c);
    }
  }
}

KERNEL static void backward(int rows, int hidden_width, float *gates, const float *before, const float *cell,
                            const float *d_hidden, float *d_cell, float *extra) {
  const size_t h = (size_t)hidden_width;
  for (size_t n = 0; n < (size_t)rows; n++) {
    float *restrict input = gates + n * 4 * h, *restrict forget = input + h;
    float *restrict output = input + 2 * h, *restrict candidate = input + 3 * h;
    const float *restrict c0 = before + n * h, *restrict c1 = cell + n * h, *restrict dh = d_hidden + n * h;
    float *restrict dc = d_cell + n * h;
    float *restrict more = extra == NULL ? NULL : extra + n * h;
#pragma omp simd
    for (size_t k = 0; k < h; k++) {
      const float i = input[k], f = forget[k], o = output[k], g = candidate[k];
      const float squashed = kernel_tanh(c1[k]);
      const float d = dc[k] + dh[k] * o * (1.0f - squashed * squashed);
      input[k] = d * g * i * (1.0f - i);
      forget[k] = d * c0[k] * f * (1.0f - f);
      output[k] = dh[k] * squashed * o * (1.0f - o);
      candidate[k] = d * i * (1.0f - g * g);
      dc[k] = d * f;
      if (more != NULL) more[k] = d * (1.0f - more[k] * more[k]);
    }
  }
}

void lstm_forward(int rows, int hidden_width, float *gates, const float *base, const float *before, const float *extra,
                  float *cell, float *hidden) {
  forward(rows, hidden_width, gates, base, before, extra, cell, hidden);
}

void lstm_backward(int rows, int hidden_width, float *gates, const float *before, const float *cell,
                   const float *d_hidden, float *d_cell, float *extra) {
  backward(rows, hidden_width, gates, before, cell, d_hidden, d_cell, extra);
}
