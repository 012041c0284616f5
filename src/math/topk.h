/* The best K of many scores: short sorted lists, to which scores are offered a panel at a time. Of equal scores the
 * lower item row stands first. */
#ifndef MATH_TOPK_H
#define MATH_TOPK_H

#include <stdint.h>

#include "data/ids.h"

/* A list of K: item rows and their scores, best first, -1 and -infinity where there are no more. Items must be offered
 * in ascending order for ties to fall to the lower row. What is not a number is never taken. */
void topk_clear(int keep, item_row *best, float *score);
void topk_offer(int keep, item_row *best, float *score, item_row item, float value);

enum { TOPK_GROUP = 64 /* scores that are looked at together */ };

/* Offers items first, first + 1, … at once: most groups hold nothing above the list's last score and are passed over.
 *   value [count up to the next multiple of TOPK_GROUP], aligned to 64 bytes; -infinity from count on
 *   bar   the same shape, added to the scores: 0, or -infinity for items that no list takes; or NULL */
void topk_panel(const float *value, const float *bar, int count, item_row first, int keep, item_row *best,
                float *score);

/* sum = (added ? sum : 0) + weight × value, of `count` scores; both aligned to 64 bytes, count up to the next multiple
 * of 16 is written. */
void topk_weigh(const float *value, int count, float weight, int added, float *sum);

#endif
