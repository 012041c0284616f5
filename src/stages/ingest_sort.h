/* Sorting of a user's events: many short runs, most of them in order already. */
#ifndef STAGES_INGEST_SORT_H
#define STAGES_INGEST_SORT_H

#include <stdint.h>

typedef struct ingest_key {
  uint64_t key;
  int64_t place; /* of what it stands for */
} ingest_key;

/* Ascending by key; what is equal stays in order. `room` holds as many. */
void ingest_sort(ingest_key *keys, ingest_key *room, int64_t count);

#endif
