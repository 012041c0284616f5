#include "io/work_columns.h"
#include "io/work_file.h"

static status candidates_columns(work_columns *w, int32_t items, candidate_lists *c) {
  TRY(work_columns_count(w, "item", TENSOR_I32, DECISION_CANDIDATES, &c->count));
  TRY(work_columns_rows(w, "item", c->count, DECISION_CANDIDATES, -1, items, &c->item));
  return work_columns_plain(w, "score", TENSOR_F32, c->count, DECISION_CANDIDATES, &c->score);
}

static status decisions_columns(work_columns *w, decisions *d) {
  TRY(work_columns_count(w, "outcome", TENSOR_U8, 1, &d->count));
  TRY(work_columns_below(w, "outcome", d->count, OUTCOME_COUNT, &d->outcome));
  TRY(work_columns_rows(w, "item", d->count, 1, -1, INT32_MAX, &d->item));
  TRY(work_columns_plain(w, "score", TENSOR_F32, d->count, 1, &d->score));
  TRY(work_columns_plain(w, "probability", TENSOR_F32, d->count, 1, &d->probability));
  TRY(work_columns_below(w, "tone", d->count, TONE_COUNT, &d->tone));
  TRY(work_columns_plain(w, "slots", TENSOR_U32, d->count, 1, &d->slots));
  TRY(work_columns_rows(w, "because", d->count, 1, -1, INT32_MAX, &d->because));
  TRY(work_columns_below(w, "because_why", d->count, EVENT_MEANINGS, &d->because_why));
  TRY(work_columns_rows(w, "keyword", d->count, 1, -1, INT32_MAX, &d->keyword));
  TRY(work_columns_rows(w, "candidate", d->count, DECISION_CANDIDATES, -1, INT32_MAX, &d->candidate));
  return work_columns_plain(w, "candidate_score", TENSOR_F32, d->count, DECISION_CANDIDATES, &d->candidate_score);
}

status work_file_save_candidates(const char *path, const candidate_lists *x) {
  work_columns w = work_columns_saving(path);
  candidate_lists same = *x;
  TRY(candidates_columns(&w, INT32_MAX, &same));
  return work_columns_write(&w, "candidates");
}

status work_file_load_candidates(const char *path, int32_t items, arena *a, candidate_lists *out) {
  work_columns w;
  *out = (candidate_lists){0};
  TRY(work_columns_open(path, "candidates", a, &w));
  return candidates_columns(&w, items, out);
}

status work_file_save_decisions(const char *path, const decisions *x) {
  work_columns w = work_columns_saving(path);
  decisions same = *x;
  TRY(decisions_columns(&w, &same));
  return work_columns_write(&w, "decisions");
}

status work_file_load_decisions(const char *path, arena *a, decisions *out) {
  work_columns w;
  *out = (decisions){0};
  TRY(work_columns_open(path, "decisions", a, &w));
  return decisions_columns(&w, out);
}
