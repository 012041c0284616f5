#include "stages/fold_view.h"

/* Users of one partition with a past and a target are judged. */
static void count_targets(const users *u, const als_interactions *seen, fold judged, fold_view *out, int64_t *offset,
                          user_row *row, int32_t *rows) {
  for (user_row i = 0; i < u->count; i++) {
    int64_t wanted = 0;
    for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) wanted += u->fold[j] == judged;
    const int is_known = seen->offset[i] < seen->offset[i + 1];
    out->newcomers += wanted > 0 && !is_known;
    offset[i + 1] = offset[i] + (is_known ? wanted : 0);
    if (offset[i + 1] > offset[i]) row[(*rows)++] = i;
  }
  out->judged += *rows;
  out->targets_total += offset[u->count];
}

static void fill_targets(const users *u, fold judged, const int64_t *offset, item_row *item, float *rating) {
  for (user_row i = 0; i < u->count; i++) {
    int64_t at = offset[i];
    for (int64_t j = u->offset[i]; j < u->offset[i + 1] && at < offset[i + 1]; j++) {
      if (u->fold[j] != judged) continue;
      rating[at] = u->weight[j];
      item[at++] = u->item[j];
    }
  }
}

static status take_targets(const factorise_input *in, fold judged, arena *a, fold_view *out) {
  const int64_t **hidden_offset = NULL;
  const item_row **hidden = NULL;
  user_row **row = NULL;
  int32_t *rows = NULL;
  TRY(ARENA(a, in->count, &out->targets.offset));
  TRY(ARENA(a, in->count, &out->targets.item));
  TRY(ARENA(a, in->count, &out->targets.rating));
  TRY(ARENA(a, in->count, &hidden_offset));
  TRY(ARENA(a, in->count, &hidden));
  TRY(ARENA(a, in->count, &row));
  TRY(ARENA(a, in->count, &rows));
  for (int p = 0; p < in->count; p++) {
    const users *u = &in->users[p];
    const als_interactions *seen = &out->history.seen[p];
    int64_t *offset = NULL;
    TRY(ARENA(a, u->count + 1, &offset));
    TRY(ARENA(a, u->count, &row[p]));
    count_targets(u, seen, judged, out, offset, row[p], &rows[p]);
    TRY(ARENA(a, offset[u->count], &out->targets.item[p]));
    TRY(ARENA(a, offset[u->count], &out->targets.rating[p]));
    fill_targets(u, judged, offset, out->targets.item[p], out->targets.rating[p]);
    out->targets.offset[p] = offset;
    hidden_offset[p] = seen->offset;
    hidden[p] = seen->item;
  }
  out->filter = (ranking_filter){.allowed = in->items.available,
                                 .offset = hidden_offset,
                                 .hidden = hidden,
                                 .rows = rows,
                                 .row = (const user_row *const *)row};
  return STATUS_OK;
}

status fold_view_create(const stage *s, const factorise_input *in, fold last, fold judged, arena *a, fold_view *out) {
  const int train = last == FOLD_TRAIN;
  history rated;
  *out = (fold_view){.judged = 0};
  TRY(factorise_input_history(in, s, ALS_MODEL_RANKING, train, a, &out->history));
  if (in->is_explicit) {
    TRY(factorise_input_history(in, s, ALS_MODEL_RATINGS, train, a, &rated));
    out->history.rated = rated.rated;
  }
  TRY_ALL(s->comm, take_targets(in, judged, a, out));
  int64_t sums[] = {out->judged, out->targets_total, out->newcomers};
  comm_sum_i64(s->comm, sums, 3);
  out->judged = sums[0];
  out->targets_total = sums[1];
  out->newcomers = sums[2];
  return STATUS_OK;
}
