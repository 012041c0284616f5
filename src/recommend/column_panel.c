#include "recommend/column_panel.h"

#include <string.h>

#include "base/watchdog.h"

status column_panel_create(const comm *c, int32_t rows, int32_t columns, int width, int block, arena *a,
                           column_panel *out) {
  *out = (column_panel){.comm = c, .rows = rows, .columns = columns, .width = width, .block = block, .kept = -1};
  TRY(ARENA(a, (int64_t)rows * width, &out->memory));
  return ARENA(a, (int64_t)rows * block, &out->mine);
}

void column_panel_forget(column_panel *p) { p->kept = -1; }

/* Columns of block b that there are. */
static int columns_of(const column_panel *p, int64_t b) {
  const int64_t left = p->columns - b * p->block;
  return left <= 0 ? 0 : left < p->block ? (int)left : p->block;
}

static void place(column_panel *p, int32_t first, int64_t b, const float *from) {
  const int64_t at = b * p->block - first;
  const int64_t room = p->width - at, count = columns_of(p, b) < room ? columns_of(p, b) : room;
  for (int64_t i = 0; i < p->rows; i++)
    memcpy(p->memory + i * p->width + at, from + i * p->block, (size_t)count * sizeof *from);
}

/* Blocks [from, to) of the round in which rank r computes block round × size + r. */
static status share(column_panel *p, int32_t first, int64_t round, int64_t from, int64_t to) {
  const comm *c = p->comm;
  const int64_t own = round * c->size + c->rank;
  arena scratch = {0};
  float *all = NULL;
  int64_t *offset = NULL;
  const int brings = own >= from && own < to && p->kept == own;
  const int64_t bytes = brings ? (int64_t)p->rows * p->block * (int64_t)sizeof *p->mine : 0;
  const status shared = comm_gather_all(c, p->mine, bytes, &scratch, (void **)&all, &offset);
  for (int r = 0; shared == STATUS_OK && r < c->size; r++)
    if (offset[r + 1] > offset[r]) place(p, first, round * c->size + r, all + offset[r] / (int64_t)sizeof *all);
  arena_free(&scratch);
  return shared;
}

status column_panel_fill(column_panel *p, int32_t first, int count, column_source source, void *context) {
  const comm *c = p->comm;
  const int64_t from = first / p->block, to = ((int64_t)first + count + p->block - 1) / p->block;
  for (int64_t round = from / c->size; round <= (to - 1) / c->size; round++) {
    const int64_t own = round * c->size + c->rank;
    if (own >= from && own != p->kept && columns_of(p, own) > 0) {
      source(context, (int32_t)(own * p->block), columns_of(p, own), p->mine);
      p->kept = own;
      watchdog_pulse();
    }
    if (c->size == 1)
      place(p, first, own, p->mine);
    else
      TRY(share(p, first, round, from, to));
  }
  return STATUS_OK;
}
