#include "stages/decide_side.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/work_file.h"

static status load_models(const stage *s, decide_side *side) {
  char *path = NULL;
  TRY(stage_path(s, "factorise", "items", 0, 0, &path));
  TRY(work_file_load_item_model(path, s->arena, &side->model));
  if (side->model.items.count != side->items.count)
    return status_fail(STATUS_DATA, "%s: %d items, the catalogue has %d; run with --from factorise", path,
                       side->model.items.count, side->items.count);
  if (settings_choice(s->settings, "als.feedback") != 1) return STATUS_OK;
  TRY(stage_path(s, "factorise", "ratings-items", 0, 0, &path));
  TRY(work_file_load_item_model(path, s->arena, &side->ratings));
  if (side->ratings.items.count != side->items.count)
    return status_fail(STATUS_DATA, "%s: %d items, the catalogue has %d; run with --from factorise", path,
                       side->ratings.items.count, side->items.count);
  return STATUS_OK;
}

static void measure_items(decide_side *side) {
  const factors *f = &side->model.items;
  for (item_row i = 0; i < f->count; i++) {
    double sum = 0;
    for (int c = 0; c < f->width; c++) {
      const double x = (double)f->value[(int64_t)i * f->width + c];
      sum += x * x;
    }
    side->norm[i] = (float)sqrt(sum);
  }
}

typedef struct place {
  item_row item;
  int64_t users;
} place;

static int larger_first(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->users != y->users) return x->users > y->users ? -1 : 1;
  return (x->item > y->item) - (x->item < y->item);
}

/* Walks the items from the most popular on; a category's share of places is filled by those that come first. */
static void mark_hot(decide_side *side, double share, int64_t *size, int64_t *taken) {
  const catalogue *c = &side->items;
  for (item_row i = 0; i < c->count; i++) size[c->category[i] + 1]++;
  for (int32_t at = 0; at < c->count; at++) {
    const item_row i = side->popular[at];
    const int32_t group = c->category[i] + 1;
    if (c->users[i] == 0 || (double)taken[group] >= ceil(share * (double)size[group])) continue;
    taken[group]++;
    side->hot[i] = 1;
  }
}

static status order_items(const stage *s, decide_side *side) {
  const catalogue *c = &side->items;
  place *order = NULL;
  int64_t *size = NULL, *taken = NULL;
  TRY(ARENA(s->arena, c->count, &order));
  TRY(ARENA(s->arena, c->categories + 1, &size));
  TRY(ARENA(s->arena, c->categories + 1, &taken));
  for (item_row i = 0; i < c->count; i++) order[i] = (place){i, c->users[i]};
  qsort(order, (size_t)c->count, sizeof *order, larger_first);
  for (item_row i = 0; i < c->count; i++) side->popular[i] = order[i].item;
  mark_hot(side, settings_real(s->settings, "decide.hot_share"), size, taken);
  return STATUS_OK;
}

status decide_side_load(const stage *s, decide_side *out) {
  const settings *set = s->settings;
  *out = (decide_side){.new_days = settings_real(set, "decide.new_days"),
                       .away_days = settings_real(set, "decide.away_days"),
                       .temperature = settings_real(set, "decide.temperature"),
                       .holdout_share = settings_real(set, "decide.holdout_share"),
                       .explore = (int)settings_int(set, "decide.explore"),
                       .salt = settings_text(set, "decide.holdout_salt"),
                       .seed = s->seed};
  stage_done ingest;
  TRY(stage_before(s, "ingest", &ingest));
  out->now = accounts_get(&ingest.numbers, "now");
  char *path = NULL;
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, s->arena, &out->items));
  TRY(stage_path(s, "profile", "words", 0, 0, &path));
  TRY(work_file_load_words(path, out->items.count, s->arena, &out->words));
  TRY(load_models(s, out));
  TRY(offers_find(&out->items, s->arena, &out->offers));
  TRY(ARENA(s->arena, out->items.count, &out->hot));
  TRY(ARENA(s->arena, out->items.count, &out->norm));
  TRY(ARENA(s->arena, out->items.count, &out->popular));
  measure_items(out);
  return order_items(s, out);
}

static status check_count(const char *path, int32_t found, int32_t expected) {
  if (found == expected) return STATUS_OK;
  return status_fail(STATUS_DATA, "%s: %d users, ingest left %d; run with --from profile", path, found, expected);
}

status decide_part_load(const stage *s, const decide_side *side, int index, int count, arena *a, decide_part *out) {
  char *path = NULL;
  *out = (decide_part){0};
  TRY(stage_path(s, "ingest", "users", index, count, &path));
  TRY(work_file_load_users(path, side->items.count, a, &out->users));
  TRY(stage_path(s, "profile", "profiles", index, count, &path));
  TRY(work_file_load_profiles(path, a, &out->profiles));
  TRY(check_count(path, out->profiles.count, out->users.count));
  for (int64_t k = 0; k < (int64_t)out->profiles.count * PROFILE_KEYWORDS; k++)
    if (out->profiles.keyword[k] >= side->words.count)
      return status_fail(STATUS_DATA, "%s: keyword %d of %d words; run with --from profile", path,
                         out->profiles.keyword[k], side->words.count);
  TRY(stage_path(s, "factorise", "candidates", index, count, &path));
  TRY(work_file_load_candidates(path, side->items.count, a, &out->candidates));
  TRY(check_count(path, out->candidates.count, out->users.count));
  if (side->ratings.items.count == 0) return STATUS_OK;
  TRY(stage_path(s, "factorise", "ratings", index, count, &path));
  TRY(work_file_load_factors(path, a, &out->ratings));
  TRY(check_count(path, out->ratings.count, out->users.count));
  if (out->ratings.width != side->ratings.items.width)
    return status_fail(STATUS_DATA, "%s: factors of %d, the items have %d; run with --from factorise", path,
                       out->ratings.width, side->ratings.items.width);
  return STATUS_OK;
}
