#include "stages/tune_view.h"

#include <stdlib.h>

#include "base/hash.h"

typedef struct crowd {
  int64_t users;
  item_row item;
} crowd;

static int compare_crowds(const void *a, const void *b) {
  const crowd *x = a, *y = b;
  if (x->users != y->users) return x->users > y->users ? -1 : 1;
  return (x->item > y->item) - (x->item < y->item);
}

/* Takes the counts of users out of `count` and puts the rows that items get there; -1: left out. */
static status choose_items(int64_t *count, int32_t items, int64_t keep, arena *a, int32_t *kept) {
  crowd *all = NULL;
  TRY(ARENA(a, items, &all));
  for (item_row i = 0; i < items; i++) all[i] = (crowd){count[i], i};
  qsort(all, (size_t)items, sizeof *all, compare_crowds);
  for (item_row i = 0; i < items; i++) count[all[i].item] = i < keep ? 0 : -1;
  *kept = 0;
  for (item_row i = 0; i < items; i++)
    if (count[i] == 0) count[i] = (*kept)++;
  return STATUS_OK;
}

/* The entries of items that are kept, under their new rows. */
static status cut_rows(const int64_t *offset, const item_row *item, const float *value, int32_t rows,
                       const int64_t *row_of, arena *a, int64_t **new_offset, item_row **new_item, float **new_value) {
  int64_t at = 0;
  TRY(ARENA(a, rows + 1, new_offset));
  TRY(ARENA(a, offset[rows], new_item));
  TRY(ARENA(a, offset[rows], new_value));
  for (int32_t r = 0; r < rows; r++) {
    for (int64_t j = offset[r]; j < offset[r + 1]; j++) {
      if (row_of[item[j]] < 0) continue;
      (*new_item)[at] = (item_row)row_of[item[j]];
      (*new_value)[at++] = value != NULL ? value[j] : 1;
    }
    (*new_offset)[r + 1] = at;
  }
  return STATUS_OK;
}

static status cut_catalogue(const fold_view *from, const int64_t *row_of, arena *a, fold_view *out) {
  item_id *id = NULL;
  uint8_t *allowed = NULL;
  TRY(ARENA(a, out->history.items, &id));
  TRY(ARENA(a, out->history.items, &allowed));
  for (item_row i = 0; i < from->history.items; i++) {
    if (row_of[i] < 0) continue;
    id[row_of[i]] = from->history.item_id[i];
    allowed[row_of[i]] = from->filter.allowed == NULL || from->filter.allowed[i];
  }
  out->history.item_id = id;
  out->filter.allowed = allowed;
  out->history.item_words = out->history.item_features = (history_features){.rows = 0};
  return STATUS_OK;
}

static status cut_items(const fold_view *from, const int64_t *row_of, arena *a, fold_view *out) {
  const history *h = &from->history;
  const int64_t **hidden_offset = NULL;
  const item_row **hidden = NULL;
  TRY(cut_catalogue(from, row_of, a, out));
  TRY(ARENA(a, h->count, &out->history.seen));
  TRY(ARENA(a, h->count, &out->targets.offset));
  TRY(ARENA(a, h->count, &out->targets.item));
  TRY(ARENA(a, h->count, &out->targets.rating));
  TRY(ARENA(a, h->count, &hidden_offset));
  TRY(ARENA(a, h->count, &hidden));
  for (int p = 0; p < h->count; p++) {
    const als_interactions *seen = &h->seen[p];
    int64_t *offset = NULL;
    item_row *item = NULL;
    float *weight = NULL;
    TRY(cut_rows(seen->offset, seen->item, seen->weight, seen->count, row_of, a, &offset, &item, &weight));
    out->history.seen[p] = (als_interactions){.count = seen->count, .offset = offset, .item = item, .weight = weight};
    hidden_offset[p] = offset;
    hidden[p] = item;
    TRY(cut_rows(from->targets.offset[p], from->targets.item[p], from->targets.rating[p], seen->count, row_of, a,
                 &out->targets.offset[p], &out->targets.item[p], &out->targets.rating[p]));
  }
  out->filter.offset = hidden_offset;
  out->filter.hidden = hidden;
  out->history.rated = NULL;
  return STATUS_OK;
}

/* Users that still have a past and a target, and whose id is among the first of the share. */
static status cut_users(const fold_view *from, double share, arena *a, fold_view *out) {
  const history *h = &out->history;
  int32_t *rows = NULL;
  user_row **row = NULL;
  TRY(ARENA(a, h->count, &rows));
  TRY(ARENA(a, h->count, &row));
  out->judged = out->targets_total = 0;
  for (int p = 0; p < h->count; p++) {
    const als_interactions *seen = &h->seen[p];
    const int64_t *target = out->targets.offset[p];
    TRY(ARENA(a, from->filter.rows[p], &row[p]));
    for (int32_t k = 0; k < from->filter.rows[p]; k++) {
      const user_row u = from->filter.row[p][k];
      const double place = (double)(hash_mix(h->user_id[p][u].low ^ h->seed) >> 11) * 0x1p-53;
      if (place >= share || seen->offset[u] == seen->offset[u + 1] || target[u] == target[u + 1]) continue;
      row[p][rows[p]++] = u;
      out->targets_total += target[u + 1] - target[u];
    }
    out->judged += rows[p];
  }
  out->filter.rows = rows;
  out->filter.row = (const user_row *const *)row;
  return STATUS_OK;
}

status tune_view_create(const fold_view *from, int64_t most_users, int64_t most_items, arena *a, fold_view *out) {
  const history *h = &from->history;
  int64_t *row_of = NULL;
  *out = *from;
  if (most_items > 0 && most_items < h->items) {
    TRY_ALL(h->comm, ARENA(a, h->items, &row_of));
    for (int p = 0; p < h->count; p++)
      for (int64_t j = 0; j < h->seen[p].offset[h->seen[p].count]; j++) row_of[h->seen[p].item[j]]++;
    comm_sum_i64(h->comm, row_of, h->items);
    TRY_ALL(h->comm, choose_items(row_of, h->items, most_items, a, &out->history.items));
    TRY_ALL(h->comm, cut_items(from, row_of, a, out));
  }
  const double share = most_users > 0 && from->judged > most_users ? (double)most_users / (double)from->judged : 1;
  TRY_ALL(h->comm, cut_users(from, share, a, out));
  int64_t sums[] = {out->judged, out->targets_total};
  comm_sum_i64(h->comm, sums, 2);
  out->judged = sums[0];
  out->targets_total = sums[1];
  return STATUS_OK;
}
