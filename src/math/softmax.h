/* Softmax with cross-entropy, row by row. Private to math. */
#ifndef MATH_SOFTMAX_H
#define MATH_SOFTMAX_H

/* One row of logits without their bias. Adds the bias, returns −log p(target), and turns the row into its gradient:
 * weight × (p − one-hot of target). */
float softmax_loss(float *logits, const float *bias, int count, int target, float weight);

/* Adds the bias; returns log Σ exp. */
float softmax_normaliser(float *logits, const float *bias, int count);

#endif
