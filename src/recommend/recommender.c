#include "recommend/recommender.h"

#include <stddef.h>
#include <string.h>

const recommender_kind *const recommender_kinds[] = {
    &als_recommender,   &ease_recommender,    &spectral_recommender,   &items_recommender,
    &users_recommender, &content_recommender, &popularity_recommender, NULL};

const recommender_kind *recommender_find(const char *name) {
  for (int i = 0; recommender_kinds[i] != NULL; i++)
    if (strcmp(recommender_kinds[i]->name, name) == 0) return recommender_kinds[i];
  return NULL;
}
