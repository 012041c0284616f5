/* The writer's softmax, in blocks of rows: logits, losses and their gradients. */
#include "math/generator_pass.h"
#include "math/softmax.h"
#include "math/vectors.h"

/* A block of rows that have a target, gathered from all time steps. */
typedef struct logit_block {
  int count;
  int row[GENERATOR_BLOCK_ROWS];
} logit_block;

/* What multiplies the softmax weights, [count, top width]. */
static void gather(generator_pass *w, const logit_block *block) {
  const int h = w->shape->hidden;
  const float *hidden = w->dropped[w->shape->layers - 1];
  float *rows = w->p.projection != NULL ? w->rows : w->top_states;
  for (int i = 0; i < block->count; i++)
    memcpy(rows + (int64_t)i * h, hidden + (int64_t)block->row[i] * h, (size_t)h * sizeof(float));
  if (w->p.projection != NULL) generator_ahead(w, block->count, w->rows, &w->projection, 0, w->top_states);
}

/* From d_top to the projection and, scattered into d_dropped, the rows. */
static void scatter(generator_pass *w, const logit_block *block, generator_parameters *g) {
  const int h = w->shape->hidden, m = block->count;
  float *d_rows = w->p.projection != NULL ? w->rows : w->d_top;
  if (w->p.projection != NULL) {
    generator_outer_right(w, m, w->shape->embedding, w->d_top);
    generator_outer(w, h, w->rows, g->projection);
    generator_back(w, m, w->d_top, &w->projection, w->rows);
  }
  for (int i = 0; i < m; i++)
    memcpy(w->d_dropped + (int64_t)block->row[i] * h, d_rows + (int64_t)i * h, (size_t)h * sizeof(float));
}

static double exact_loss(generator_pass *w, const logit_block *block, generator_parameters *g, float *token_loss) {
  const generator_batch *b = w->batch;
  const int e = w->top.depth, v = w->top.width, m = block->count;
  double loss = 0;
  generator_product(0, 1, m, v, e, w->top_states, w->p.output, 0, w->logits);
  for (int i = 0; i < m; i++) {
    const int row = block->row[i];
    const float weight = b->weight == NULL ? 1 : b->weight[row];
    const float one = softmax_loss(w->logits + (int64_t)i * v, w->p.output_bias, v, b->target[row], weight);
    if (token_loss != NULL) token_loss[row] = one;
    loss += (double)weight * (double)one;
    if (g != NULL) vectors_add(g->output_bias, w->logits + (int64_t)i * v, v);
  }
  if (g == NULL) return loss;
  generator_product(1, 0, v, e, m, w->logits, w->top_states, 1, g->output);
  generator_product(0, 0, m, e, v, w->logits, w->p.output, 0, w->d_top);
  return loss;
}

static double block_loss(generator_pass *w, const logit_block *block, generator_parameters *g, float *token_loss) {
  double loss;
  gather(w, block);
  if (w->batch->packed == NULL) {
    loss = exact_loss(w, block, g, token_loss);
  } else {
    loss = generator_rounded_loss(w, block->row, block->count, token_loss);
    if (g != NULL) generator_rounded_back(w, block->row, block->count, g);
  }
  if (g != NULL) scatter(w, block, g);
  return loss;
}

double generator_output(generator_pass *w, generator_parameters *g, float *token_loss) {
  const generator_batch *b = w->batch;
  const int rows = b->steps * b->sequences;
  if (g != NULL) memset(w->d_dropped, 0, (size_t)rows * (size_t)w->shape->hidden * sizeof(float));
  double loss = 0;
  logit_block block = {0, {0}};
  for (int row = 0; row <= rows; row++) {
    if (block.count == GENERATOR_BLOCK_ROWS || (row == rows && block.count > 0)) {
      loss += block_loss(w, &block, g, token_loss);
      block.count = 0;
    }
    if (row == rows) break;
    if (b->target[row] >= 0)
      block.row[block.count++] = row;
    else if (token_loss != NULL)
      token_loss[row] = 0;
  }
  return loss;
}
