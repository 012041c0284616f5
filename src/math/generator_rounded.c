/* The writer's softmax with bf16 products. The exponentials p leave the tile that computes the logits as bf16 operands
 * of both gradients and are never divided by their sum S: with d_logits = weight (p / S − one-hot), the rows' gradient
 * is weight (p · weights / S − the target's weights), and that of the weights pᵀ · (weight / S × rows) − the rows. */
#include <math.h>

#include "math/bf16.h"
#include "math/generator_pass.h"
#include "math/vectors.h"

/* Sums beyond these say that exponentials without a shift have left the range of floats. */
static const float least_sum = 1e-30f, most_sum = 1e30f;

static int whole(int rows) { return (rows + BF16_DEPTH - 1) / BF16_DEPTH * BF16_DEPTH; }

void generator_rounded_lay_out(generator_pass *w, kernel_scratch *scratch) {
  const int all = whole(w->batch->sequences * w->batch->steps);
  const int rows = all < GENERATOR_BLOCK_ROWS ? all : GENERATOR_BLOCK_ROWS, v = w->shape->vocabulary,
            e = generator_top_width(w->shape);
  generator_rounded *r = &w->rounded;
  r->left = (uint16_t *)(void *)kernel_take(scratch, bf16_left_count(rows, v) / 2 + 1);
  r->right = (uint16_t *)(void *)kernel_take(scratch, bf16_right_count(rows, v) / 2 + 1);
  r->top = (uint16_t *)(void *)kernel_take(scratch, bf16_left_count(rows, e) / 2 + 1);
  r->scaled = (uint16_t *)(void *)kernel_take(scratch, bf16_right_count(rows, e) / 2 + 1);
  r->sums = kernel_take(scratch, (int64_t)rows * 16);
  r->shift = kernel_take(scratch, rows);
  r->scale = kernel_take(scratch, rows);
}

static float logit(const generator_pass *w, int row, int v) {
  const int e = w->top.depth;
  const uint16_t *top = w->rounded.top + (int64_t)row * bf16_left_count(1, e);
  return bf16_dot(e, top, w->p.output + (int64_t)v * e) + w->p.output_bias[v];
}

static void exponentials(generator_pass *w, int rows) {
  generator_rounded *r = &w->rounded;
  bf16_exponentials(rows, w->top.width, w->top.depth, r->top, w->top.ahead, w->p.output_bias, r->shift, r->left,
                    r->right, r->sums);
}

/* Exponentials of all rows; where a row has left the range, again with its largest logit as the shift. */
static void fill(generator_pass *w, int count, int rows) {
  generator_rounded *r = &w->rounded;
  int again = 0;
  memset(r->shift, 0, (size_t)rows * sizeof *r->shift);
  memset(r->top, 0, (size_t)bf16_left_count(rows, w->top.depth) * sizeof *r->top);
  bf16_left(count, w->top.depth, w->top_states, w->top.depth, r->top);
  exponentials(w, rows);
  for (int i = 0; i < count; i++) {
    if (r->sums[i] > least_sum && r->sums[i] < most_sum) continue;
    again = 1;
    r->shift[i] = -INFINITY;
    for (int v = 0; v < w->top.width; v++) r->shift[i] = fmaxf(r->shift[i], logit(w, i, v));
  }
  if (again) exponentials(w, rows);
}

double generator_rounded_loss(generator_pass *w, const int *row, int count, float *token_loss) {
  const generator_batch *b = w->batch;
  generator_rounded *r = &w->rounded;
  double loss = 0;
  fill(w, count, whole(count));
  for (int i = 0; i < count; i++) {
    const float weight = b->weight == NULL ? 1 : b->weight[row[i]];
    const float one = logf(r->sums[i]) + r->shift[i] - logit(w, i, b->target[row[i]]);
    r->scale[i] = weight / r->sums[i];
    if (token_loss != NULL) token_loss[row[i]] = one;
    loss += (double)weight * (double)one;
  }
  return loss;
}

void generator_rounded_back(generator_pass *w, const int *row, int count, generator_parameters *g) {
  const generator_batch *b = w->batch;
  generator_rounded *r = &w->rounded;
  const int e = w->top.depth, v = w->top.width;
  bf16_product(count, e, v, r->left, w->top.back, 0, w->d_top, e);
  bf16_column_sums(count, v, r->right, r->scale, g->output_bias);
  for (int i = 0; i < count; i++) {
    const int target = b->target[row[i]];
    const float weight = b->weight == NULL ? 1 : b->weight[row[i]];
    float *top = w->top_states + (int64_t)i * e, *d_top = w->d_top + (int64_t)i * e;
    for (int k = 0; k < e; k++) d_top[k] *= r->scale[i];
    vectors_add_scaled(d_top, -weight, w->p.output + (int64_t)target * e, e);
    vectors_add_scaled(g->output + (int64_t)target * e, -weight, top, e);
    g->output_bias[target] -= weight;
  }
  for (int i = 0; i < count; i++)
    for (int k = 0; k < e; k++) w->top_states[(int64_t)i * e + k] *= r->scale[i];
  bf16_right(count, e, w->top_states, e, r->scaled);
  bf16_outer(v, e, whole(count), r->right, r->scaled, 1, g->output, e);
}
