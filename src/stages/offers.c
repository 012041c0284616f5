#include "stages/offers.h"

#include <stdlib.h>
#include <string.h>

typedef struct titled {
  const char *title;
  item_row item;
} titled;

static int by_title(const void *a, const void *b) {
  const titled *x = a, *y = b;
  const int order = strcmp(x->title, y->title);
  return order != 0 ? order : (x->item > y->item) - (x->item < y->item);
}

static void link_titles(const titled *list, int32_t count, item_row *same) {
  for (int32_t first = 0, end; first < count; first = end) {
    for (end = first + 1; end < count && strcmp(list[first].title, list[end].title) == 0;) end++;
    const int ring = list[first].title[0] != '\0';
    for (int32_t k = first; k < end; k++)
      same[list[k].item] = ring ? list[k + 1 < end ? k + 1 : first].item : list[k].item;
  }
}

status offers_find(const catalogue *c, arena *a, offers *out) {
  titled *list = NULL;
  TRY(ARENA(a, c->count, &out->allowed));
  TRY(ARENA(a, c->count, &out->same));
  const arena_mark before = arena_here(a);
  TRY(ARENA(a, c->count, &list));
  for (item_row i = 0; i < c->count; i++) {
    list[i] = (titled){catalogue_title(c, i, LANGUAGE_EN), i};
    out->allowed[i] = c->available[i] && list[i].title[0] != '\0';
  }
  qsort(list, (size_t)c->count, sizeof *list, by_title);
  link_titles(list, c->count, out->same);
  arena_release(a, before);
  return STATUS_OK;
}

static int by_row(const void *a, const void *b) {
  const item_row x = *(const item_row *)a, y = *(const item_row *)b;
  return (x > y) - (x < y);
}

/* A shop sells one thing under several codes: who has it under one is not offered it under another. */
status offers_hidden(const offers *o, const users *u, arena *a, int64_t **offset, item_row **item) {
  int64_t most = u->offset[u->count];
  for (int64_t j = 0; j < u->offset[u->count]; j++)
    for (item_row k = o->same[u->item[j]]; k != u->item[j]; k = o->same[k]) most++;
  TRY(ARENA(a, u->count + 1, offset));
  TRY(ARENA(a, most, item));
  for (user_row i = 0; i < u->count; i++) {
    int64_t at = (*offset)[i];
    for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) {
      (*item)[at++] = u->item[j];
      for (item_row k = o->same[u->item[j]]; k != u->item[j]; k = o->same[k]) (*item)[at++] = k;
    }
    item_row *own = *item + (*offset)[i];
    const int64_t count = at - (*offset)[i];
    qsort(own, (size_t)count, sizeof *own, by_row);
    int64_t kept = 0;
    for (int64_t k = 0; k < count; k++)
      if (k == 0 || own[k] != own[k - 1]) own[kept++] = own[k];
    (*offset)[i + 1] = (*offset)[i] + kept;
  }
  return STATUS_OK;
}
