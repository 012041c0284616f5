#include "math/topk.h"

#include <math.h>

#include "math/kernel.h"
#include "math/lanes.h"

void topk_clear(int keep, item_row *best, float *score) {
  for (int i = 0; i < keep; i++) {
    best[i] = -1;
    score[i] = -HUGE_VALF;
  }
}

/* A sorted list: for the K of tens that it is used with, moving a few entries costs less than a heap's branches, and
 * most offers end at the first comparison. */
void topk_offer(int keep, item_row *best, float *score, item_row item, float value) {
  if (!(value > score[keep - 1])) return;
  int at = keep - 1;
  for (; at > 0 && value > score[at - 1]; at--) {
    score[at] = score[at - 1];
    best[at] = best[at - 1];
  }
  score[at] = value;
  best[at] = item;
}

/* Whether one of `count` scores, with what bars them, is above the least. */
static inline __attribute__((always_inline)) int any_above(const float *value, const float *bar, int count,
                                                           float least) {
  int above = 0;
  if (bar == NULL)
    for (int i = 0; i < count; i++) above |= value[i] > least;
  else
    for (int i = 0; i < count; i++) above |= value[i] + bar[i] > least;
  return above;
}

static inline __attribute__((always_inline)) void offer_all(const float *value, const float *bar, int count,
                                                            item_row first, int keep, item_row *best, float *score) {
  for (int group = 0; group < count; group += TOPK_GROUP) {
    if (!any_above(value + group, bar == NULL ? NULL : bar + group, TOPK_GROUP, score[keep - 1])) continue;
    for (int at = group; at < group + TOPK_GROUP; at += LANES) {
      if (!any_above(value + at, bar == NULL ? NULL : bar + at, LANES, score[keep - 1])) continue;
      for (int i = at; i < at + LANES; i++)
        topk_offer(keep, best, score, first + i, bar == NULL ? value[i] : value[i] + bar[i]);
    }
  }
}

KERNEL static void panel_offer(const float *value, const float *bar, int count, item_row first, int keep,
                               item_row *best, float *score) {
  if (bar == NULL)
    offer_all(value, NULL, count, first, keep, best, score);
  else
    offer_all(value, bar, count, first, keep, best, score);
}

void topk_panel(const float *value, const float *bar, int count, item_row first, int keep, item_row *best,
                float *score) {
  panel_offer(value, bar, count, first, keep, best, score);
}

KERNEL static void panel_weigh(const float *value, int count, float weight, int added, float *sum) {
  const lanes *v = (const lanes *)value;
  lanes *s = (lanes *)sum;
  for (int i = 0; i < (count + LANES - 1) / LANES; i++) {
    if (added)
      s[i] += weight * v[i];
    else
      s[i] = weight * v[i];
  }
}

void topk_weigh(const float *value, int count, float weight, int added, float *sum) {
  panel_weigh(value, count, weight, added, sum);
}
