/* The items of a platform, as every rank holds them: the item side. Rows ascend by id. */
#ifndef DATA_CATALOGUE_H
#define DATA_CATALOGUE_H

#include <stdint.h>

#include "data/ids.h"
#include "data/language.h"
#include "data/strings.h"

enum { CATALOGUE_NO_PRICE = -1, CATALOGUE_NO_CATEGORY = -1, CATALOGUE_NO_TIME = 0 };

typedef struct catalogue {
  int32_t count;
  item_id *id;                      /* [count], ascending */
  strings name;                     /* the platform's own item ids */
  strings title[LANGUAGE_COUNT];    /* normalised; "" where there is none in that language */
  strings keywords[LANGUAGE_COUNT]; /* words separated by ';', may be "" */
  int32_t *category;                /* [count], in [0, categories) or CATALOGUE_NO_CATEGORY */
  int64_t *price;                   /* [count], in 1/100 of the currency, or CATALOGUE_NO_PRICE */
  int64_t *old_price;               /* [count], likewise; only where > price */
  uint8_t *domain;                  /* [count], enum domain */
  uint8_t *available;               /* [count], 0: never recommended */
  int64_t *added;                   /* [count], Unix seconds, or CATALOGUE_NO_TIME */
  int64_t *users;                   /* [count], distinct users with an interaction, all time */
  int32_t categories;
  strings category_name[LANGUAGE_COUNT]; /* [categories]; "" where there is none in that language */
} catalogue;

/* Row of an id, or -1. */
item_row catalogue_find(const catalogue *c, item_id id);

/* The item's title in `l`, or in the other language where it has none in this one. */
const char *catalogue_title(const catalogue *c, item_row item, language l);

#endif
