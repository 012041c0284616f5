#include "math/topk.h"

#include <cblas.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/watchdog.h"
#include "math/kernel.h"
#include "math/lanes.h"

/* A block of scores stays in the second-level cache, and the item block it comes from too. */
enum { USERS = 64, ITEMS = 512 };

int64_t topk_scratch(const topk_query *q) { return USERS * (int64_t)(q->width + ITEMS); }

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

/* First place in seen[from, to) with an item of at least `item`. */
static int64_t seen_from(const item_row *seen, int64_t from, int64_t to, item_row item) {
  while (from < to) {
    const int64_t middle = from + (to - from) / 2;
    if (seen[middle] < item)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

/* Offers the scores [count] of items first, first + 1, … to the list of one user. */
static void offer_block(const topk_query *q, int32_t u, item_row first, int count, const float *value, item_row *best,
                        float *score) {
  int64_t at = 0, end = 0;
  if (q->seen_offset != NULL) {
    end = q->seen_offset[u + 1];
    at = seen_from(q->seen, q->seen_offset[u], end, first);
  }
  for (int i = 0; i < count; i++) {
    const item_row item = first + i;
    if (at < end && q->seen[at] == item) {
      at++;
      continue;
    }
    if (q->allowed != NULL && !q->allowed[item]) continue;
    topk_offer(q->keep, best, score, item, value[i]);
  }
}

void topk_find(const topk_query *q, item_row *best, float *score, float *scratch) {
  float *block = scratch, *value = scratch + USERS * (int64_t)q->width;
  for (int32_t u = 0; u < q->users; u++) topk_clear(q->keep, best + (int64_t)u * q->keep, score + (int64_t)u * q->keep);
  for (int32_t first = 0; first < q->users; first += USERS) {
    const int users = q->users - first < USERS ? q->users - first : USERS;
    memset(block, 0, USERS * (size_t)q->width * sizeof *block);
    for (int i = 0; i < users; i++)
      memcpy(block + (int64_t)i * q->width, q->user + (int64_t)(first + i) * q->stride,
             (size_t)q->width * sizeof *block);
    for (item_row item = 0; item < q->items; item += ITEMS) {
      const int items = q->items - item < ITEMS ? q->items - item : ITEMS;
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, USERS, items, q->width, 1, block, q->width,
                  q->item + (int64_t)item * q->stride, q->stride, 0, value, ITEMS);
      for (int i = 0; i < users; i++)
        offer_block(q, first + i, item, items, value + (int64_t)i * ITEMS, best + (int64_t)(first + i) * q->keep,
                    score + (int64_t)(first + i) * q->keep);
    }
    watchdog_pulse(); /* a whole partition's users may be asked for at once */
  }
}
