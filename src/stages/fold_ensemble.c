#include "stages/fold_ensemble.h"

#include <stdio.h>

typedef struct telling {
  const stage *stage;
  progress bar;
  int64_t done;
  const char *upto;
} telling;

static void tell(void *context, const char *model, double seconds) {
  telling *t = context;
  char note[96];
  snprintf(note, sizeof note, "%s fitted %s", model, t->upto);
  t->bar.shown = 0; /* each fit is worth a line, in a batch log too */
  progress_at(&t->bar, ++t->done, note);
  log_event(t->stage->log, t->stage->name, "fit", LOG_TEXT("model", model), LOG_TEXT("to", t->upto),
            LOG_REAL("seconds", seconds));
}

/* Whether a model's memory outgrows what the job allows it, by the shape of the data alone. */
static int is_too_large(const stage *s, const recommender_kind *kind, int32_t items) {
  return kind == &ease_recommender && items > settings_int(s->settings, "ease.items");
}

status fold_ensemble_create(const stage *s, const factorise_input *in, ensemble *out) {
  int kept = 0, fitting = 0;
  TRY(ensemble_create(s->settings, s->arena, out));
  for (int i = 0; i < out->terms; i++) fitting += !is_too_large(s, out->term[i].kind, in->items.count);
  for (int i = 0; i < out->terms && fitting > 0; i++) {
    const recommender_kind *kind = out->term[i].kind;
    if (is_too_large(s, kind, in->items.count))
      log_event(s->log, s->name, "left_out", LOG_TEXT("model", kind->name), LOG_INT("items", in->items.count),
                LOG_INT("most", settings_int(s->settings, "ease.items")));
    else
      out->term[kept++] = out->term[i];
  }
  if (fitting > 0) out->terms = kept;
  return STATUS_OK;
}

status fold_ensemble_fit_to(const stage *s, ensemble *e, const history *h, const char *upto) {
  telling t = {.stage = s, .bar = stage_progress(s, e->terms), .upto = upto};
  TRY(ensemble_fit(e, h, s->settings, tell, &t));
  progress_end(&t.bar, NULL);
  return STATUS_OK;
}

static void tell_learned(const stage *s, const ensemble *e, const blend_account *learned) {
  char note[128];
  int best = 0;
  for (int i = 1; i < e->terms; i++)
    if (learned->alone[i] > learned->alone[best]) best = i;
  snprintf(note, sizeof note, "blend: NDCG@20 %.4f; best alone, %s: %.4f", learned->ndcg, e->term[best].kind->name,
           learned->alone[best]);
  progress bar = stage_progress(s, 1);
  progress_at(&bar, 1, note);
  for (int i = 0; i < e->terms; i++)
    log_event(s->log, s->name, "weight", LOG_TEXT("model", e->term[i].kind->name), LOG_REAL("share", learned->share[i]),
              LOG_REAL("weight", e->term[i].weight), LOG_REAL("exponent", e->term[i].exponent),
              LOG_REAL("ndcg@20_alone", learned->alone[i]));
  log_event(s->log, s->name, "blend", LOG_INT("users", learned->users), LOG_REAL("ndcg@20", learned->ndcg));
  progress_end(&bar, NULL);
}

status fold_ensemble_weigh(const stage *s, const fold_view *v, ensemble *e, blend_account *learned) {
  *learned = (blend_account){.users = 0};
  if (e->terms == 1) return STATUS_OK;
  TRY(blend_learn(&v->history, &v->targets, &v->filter, FOLD_ENSEMBLE_USERS, e->term, e->terms, learned));
  if (learned->users > 0) tell_learned(s, e, learned);
  return STATUS_OK;
}

static status learn(const stage *s, const factorise_input *in, ensemble *e, arena *a, blend_account *learned) {
  fold_view v;
  TRY(fold_view_create(s, in, FOLD_TRAIN, FOLD_VALIDATION, a, &v));
  TRY(fold_ensemble_fit_to(s, e, &v.history, "to what was before the cut"));
  return fold_ensemble_weigh(s, &v, e, learned);
}

status fold_ensemble_learn(const stage *s, const factorise_input *in, ensemble *e, blend_account *learned) {
  *learned = (blend_account){.users = 0};
  if (e->terms == 1) return STATUS_OK;
  arena memory = {0};
  const status result = learn(s, in, e, &memory, learned);
  ensemble_free(e);
  arena_free(&memory);
  return result;
}

status fold_ensemble_fit(const stage *s, const factorise_input *in, ensemble *e, arena *a, fold_view *view) {
  TRY(fold_view_create(s, in, FOLD_VALIDATION, FOLD_TEST, a, view));
  return fold_ensemble_fit_to(s, e, &view->history, "to all events");
}
