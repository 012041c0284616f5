#include "data/catalogue.h"

item_row catalogue_find(const catalogue *c, item_id id) {
  int32_t low = 0, high = c->count;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (item_id_compare(c->id[middle], id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < c->count && item_id_compare(c->id[low], id) == 0 ? low : -1;
}

const char *catalogue_title(const catalogue *c, item_row item, language l) {
  const char *title = strings_at(&c->title[l], item);
  if (title[0] != '\0') return title;
  return strings_at(&c->title[l == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH], item);
}
