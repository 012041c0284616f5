#include "stages/factorise_warm.h"

#include "io/work_file.h"

/* An earlier run: its items, by ascending id, and what it learned of them. */
typedef struct earlier_run {
  catalogue items;
  item_model model;
} earlier_run;

static status load(const stage *s, int is_ratings, arena *a, earlier_run *out) {
  stage then = *s;
  char *path = NULL;
  then.run = settings_text(s->settings, "als.warm_start");
  TRY(stage_path(&then, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, a, &out->items));
  TRY(stage_path(&then, "factorise", is_ratings ? "ratings-items" : "items", 0, 0, &path));
  TRY(work_file_load_item_model(path, a, &out->model));
  if (out->model.items.count == out->items.count) return STATUS_OK;
  return status_fail(STATUS_DATA,
                     "%s holds %d items, but the catalogue beside it %d; name another run in als.warm_start", path,
                     (int)out->model.items.count, (int)out->items.count);
}

/* [width], and the bias of ratings. */
static void copy_row(const factors *f, int32_t row, float *out) {
  for (int c = 0; c < f->width; c++) out[c] = f->value[(int64_t)row * f->width + c];
  out[f->width] = f->bias[row];
}

/* Rows of items that both know. Returns how many. */
static int64_t match(const history *h, const earlier_run *run, float *rows, const float **start) {
  const int width = run->model.items.width + 1;
  int64_t found = 0;
  int32_t then = 0;
  for (item_row i = 0; i < h->items; i++) {
    while (then < run->items.count && item_id_compare(run->items.id[then], h->item_id[i]) < 0) then++;
    if (then == run->items.count || item_id_compare(run->items.id[then], h->item_id[i]) != 0) continue;
    float *row = rows + found++ * width;
    copy_row(&run->model.items, then, row);
    start[i] = row;
  }
  return found;
}

static status take_rows(const stage *s, const history *h, arena *a, als_model_options *options, int64_t *found) {
  earlier_run run = {.model = {.mean = 0}};
  float *rows = NULL;
  const float **start = NULL;
  *found = -1;
  TRY(load(s, options->goal == ALS_MODEL_RATINGS, a, &run));
  if (run.model.items.width != options->width) return STATUS_OK;
  TRY(ARENA(a, (int64_t)run.items.count * (options->width + 1), &rows));
  TRY(ARENA(a, h->items, &start));
  *found = match(h, &run, rows, start);
  options->start = start;
  return STATUS_OK;
}

status factorise_warm_start(const stage *s, const history *h, arena *a, als_model_options *options, int *sweeps) {
  if (settings_text(s->settings, "als.warm_start")[0] == '\0') return STATUS_OK;
  const int enough = (int)settings_int(s->settings, "als.warm_sweeps");
  int64_t found = 0;
  TRY_ALL(s->comm, take_rows(s, h, a, options, &found));
  if (found < 0) {
    log_event(s->log, s->name, "no_warm_start", LOG_TEXT("why", "the earlier run's als.width is another"));
    return STATUS_OK;
  }
  if (enough < *sweeps) *sweeps = enough;
  log_event(s->log, s->name, "warm_start", LOG_INT("items", found), LOG_INT("new_items", h->items - found),
            LOG_INT("sweeps", *sweeps));
  return STATUS_OK;
}
