/* Categories for items that have none, from the words of their titles. */
#ifndef STAGES_INGEST_CATEGORIES_H
#define STAGES_INGEST_CATEGORIES_H

#include "data/catalogue.h"
#include "stages/stage.h"

/* Collective. Clusters the items into at most inputs.catalogue.categories_by_words groups by the words of their titles
 * (k-means over hashed TF-IDF vectors), names each group after the word that is most typical of it, and fills
 * c->category and c->category_name. Groups without a word that enough of their items share get no category, and
 * neither do items without that word: a name must be true of what it names. Does nothing where the setting is 0 or some
 * item has a category. Fails: STATUS_BUG. */
status ingest_categories_find(const stage *s, catalogue *c);

#endif
