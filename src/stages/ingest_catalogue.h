/* The items: from inputs.catalogue, or derived from what the events say. Both ways end in a list of drafts, of which
 * every rank makes the same catalogue. */
#ifndef STAGES_INGEST_CATALOGUE_H
#define STAGES_INGEST_CATALOGUE_H

#include "data/catalogue.h"
#include "stages/ingest_rejects.h"
#include "stages/ingest_rows.h"
#include "stages/stage.h"

typedef struct ingest_item {
  item_id id;
  int64_t line;     /* in the file; of rows with one id the first counts */
  const char *name; /* never NULL */
  const char *title[LANGUAGE_COUNT], *keywords[LANGUAGE_COUNT], *category[LANGUAGE_COUNT]; /* NULL: none */
  int64_t price, old_price, added;
  uint8_t domain, available;
} ingest_item;

/* Normalises as inputs.catalogue asks. *out is NULL where nothing is left. */
status ingest_catalogue_title(const stage *s, const char *title, char **out);

/* Local, the same on all ranks. Reads inputs.catalogue; rejects are noted on rank 0 only. Fails: as the reader. */
status ingest_catalogue_read(const stage *s, ingest_rejects *rejects, catalogue *out);

/* Collective. Of each item the title that most rows give (of equals the smallest text) and the median of the prices
 * above 0 over rows (of an even number the lower one). Where the file has no title column, the item's id is its title.
 * Counts are summed by the item's owner, the result goes to all ranks. *without_title: items that had to be left out.
 */
status ingest_catalogue_derive(const stage *s, const ingest_rows *rows, int64_t *without_title, catalogue *out);

/* Local. Sorts the drafts by id and lays them out as columns; categories ascend by name. */
status ingest_catalogue_build(ingest_item *items, int64_t count, arena *a, catalogue *out);

#endif
