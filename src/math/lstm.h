/* One time step of an LSTM layer after its products: the fused gate non-linearities (Hochreiter and Schmidhuber 1997,
 * with the forget gate of Gers et al. 2000). Gates stand in the order input, forget, output, candidate. */
#ifndef MATH_LSTM_H
#define MATH_LSTM_H

/* N rows of H cells.
 *   gates   [N, 4H] in: products; out: activations
 *   base    [N, 4H] bias of each row, added first
 *   before  [N, H] cell state of the step before
 *   extra   [N, H] added to the new cell state; NULL: 0
 *   cell, hidden [N, H] out; `cell` may be `before` */
void lstm_forward(int rows, int hidden_width, float *gates, const float *base, const float *before, const float *extra,
                  float *cell, float *hidden);

/*   gates      [N, 4H] in: activations; out: gradient of the products
 *   d_hidden   [N, H] gradient of the hidden state
 *   d_cell     [N, H] in: gradient of the cell state from later steps; out: for the step before
 *   extra      [N, H] in: tanh of something, as it was added; out: gradient of that something; NULL: none */
void lstm_backward(int rows, int hidden_width, float *gates, const float *before, const float *cell,
                   const float *d_hidden, float *d_cell, float *extra);

#endif
