#include "recommend/ensemble.h"

#include "base/clock.h"
#include "base/watchdog.h"

status ensemble_create(const settings *s, arena *a, ensemble *out) {
  *out = (ensemble){.terms = settings_count(s, "recommender.models")};
  TRY(ARENA(a, out->terms, &out->term));
  TRY(ARENA(a, out->terms, &out->memory));
  TRY(ARENA(a, out->terms, &out->given));
  for (int i = 0; i < out->terms; i++) {
    const char *name = settings_list_at(s, "recommender.models", i);
    const recommender_kind *kind = recommender_find(name);
    if (kind == NULL)
      return status_fail(STATUS_SETTINGS, "recommender.models: there is no model %s; see: nightmail help settings",
                         name);
    out->term[i] = (ranking_term){.kind = kind, .weight = 1};
  }
  return out->terms > 0 ? STATUS_OK : status_fail(STATUS_SETTINGS, "recommender.models: names no model");
}

void ensemble_free(ensemble *e) {
  for (int i = 0; i < e->terms; i++) {
    if (e->given[i] == NULL) e->term[i].kind->free(e->term[i].model);
    e->term[i].model = NULL;
    arena_free(&e->memory[i]);
  }
}

status ensemble_fit(ensemble *e, const history *h, const settings *s, ensemble_told *told, void *context) {
  ensemble_free(e);
  for (int i = 0; i < e->terms; i++) {
    const double before = clock_now();
    e->term[i].model = e->given[i];
    if (e->given[i] != NULL || (e->spares && e->term[i].weight == 0)) continue;
    TRY(e->term[i].kind->fit(h, s, &e->memory[i], &e->term[i].model));
    if (told != NULL) told(context, e->term[i].kind->name, clock_now() - before);
    watchdog_pulse();
  }
  return STATUS_OK;
}
