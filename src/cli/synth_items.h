/* The item side of a planted platform: what there is, since when, how dear, how popular; and drawing from it. */
#ifndef CLI_SYNTH_ITEMS_H
#define CLI_SYNTH_ITEMS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/status.h"
#include "cli/synth_titles.h"
#include "io/file.h"

enum { SYNTH_ITEMS_CELLS = SYNTH_TITLES_CATEGORIES * SYNTH_GROUPS };

typedef struct synth_item {
  int64_t place;    /* in its category */
  int64_t added;    /* Unix seconds */
  int64_t price;    /* in 1/100, 0: has none */
  int64_t was;      /* earlier, higher price, or 0 */
  uint8_t category; /* in [0, SYNTH_TITLES_CATEGORIES) */
  uint8_t frame;
  uint8_t domain;
  uint8_t available;
} synth_item;

typedef struct synth_items {
  int64_t count;
  synth_item *item;                          /* [count] */
  int64_t cell_start[SYNTH_ITEMS_CELLS + 1]; /* cell = category × SYNTH_GROUPS + group */
  int64_t *cell_item;                        /* [count], items by cell */
  double *cell_sum;                          /* [count], running sums of popularity within the cell */
  double category_weight[SYNTH_TITLES_CATEGORIES];
  uint64_t seed;
} synth_items;

/* Draws `count` items that were there at some time before `end`; `days` is how far events reach back. */
status synth_items_create(int64_t count, int64_t end, int days, uint64_t seed, arena *a, synth_items *out);

/* items.csv. */
status synth_items_write(const synth_items *items, file_writer *w);

/* An item of the cell by popularity, or -1 if the cell is empty. */
int64_t synth_items_draw(const synth_items *items, int cell, random_stream *r);

#endif
