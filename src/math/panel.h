/* Sparse rows of users times a dense panel of columns: how a model that scores an item by the items a user knows (item
 * to item weights, similarities) scores a whole panel of items for a block of users. */
#ifndef MATH_PANEL_H
#define MATH_PANEL_H

#include "math/als.h"

enum { PANEL_WIDTH = 256 };

/* Users [from, from + users) of `m`: row u of score [users, PANEL_WIDTH] becomes
 *     Σ_j weight_j × panel[item_j]
 * over the user's entries j in their order; weights NULL: 1. A sum is that of one column alone, products rounded before
 * they are added: it depends neither on who is scored beside it nor on the CPU.
 *   panel [items, PANEL_WIDTH], aligned to 64 bytes, as score is */
void panel_score(const als_interactions *m, int32_t from, int32_t users, const float *panel, float *score);

#endif
