#include "data/condition.h"

#include <math.h>
#include <string.h>

int condition_width(condition_shape shape) {
  return LANGUAGE_COUNT + TONE_COUNT + DOMAIN_COUNT + SLOT_COUNT + shape.segments + 2 * shape.factor;
}

static void fill_factor(const float *factor, int width, float *out) {
  double squares = 0;
  if (factor != NULL)
    for (int i = 0; i < width; i++) squares += (double)factor[i] * factor[i];
  if (squares <= 0) return;
  const float scale = (float)(1 / sqrt(squares));
  for (int i = 0; i < width; i++) out[i] = factor[i] * scale;
}

void condition_fill(condition_shape shape, const condition *c, float *out) {
  memset(out, 0, (size_t)condition_width(shape) * sizeof *out);
  float *block = out;
  block[c->language] = 1;
  block += LANGUAGE_COUNT;
  block[c->tone] = 1;
  block += TONE_COUNT;
  block[c->domain] = 1;
  block += DOMAIN_COUNT;
  for (int s = 0; s < SLOT_COUNT; s++) block[s] = (c->slots & SLOT_BIT(s)) ? 1 : 0;
  block += SLOT_COUNT;
  if (c->segment >= 0 && c->segment < shape.segments) block[c->segment] = 1;
  block += shape.segments;
  fill_factor(c->user_factor, shape.factor, block);
  fill_factor(c->item_factor, shape.factor, block + shape.factor);
}
