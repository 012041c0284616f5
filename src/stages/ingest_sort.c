#include "stages/ingest_sort.h"

#include <string.h>

enum { RUN = 12 }; /* sorted by insertion */

static void insert(ingest_key *keys, int64_t count) {
  for (int64_t i = 1; i < count; i++) {
    const ingest_key one = keys[i];
    int64_t at = i;
    for (; at > 0 && keys[at - 1].key > one.key; at--) keys[at] = keys[at - 1];
    keys[at] = one;
  }
}

static void merge(const ingest_key *left, int64_t lefts, const ingest_key *right, int64_t rights, ingest_key *out) {
  while (lefts > 0 && rights > 0) {
    const int is_right = right->key < left->key;
    *out++ = is_right ? *right : *left;
    right += is_right, rights -= is_right;
    left += !is_right, lefts -= !is_right;
  }
  if (lefts > 0) memcpy(out, left, (size_t)lefts * sizeof *out);
  if (rights > 0) memcpy(out, right, (size_t)rights * sizeof *out);
}

static int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }

void ingest_sort(ingest_key *keys, ingest_key *room, int64_t count) {
  ingest_key *from = keys, *to = room;
  for (int64_t i = 0; i < count; i += RUN) insert(keys + i, lesser(RUN, count - i));
  for (int64_t width = RUN; width < count; width *= 2) {
    for (int64_t i = 0; i < count; i += 2 * width) {
      const int64_t lefts = lesser(width, count - i), rights = lesser(width, count - i - lefts);
      merge(from + i, lefts, from + i + lefts, rights, to + i);
    }
    ingest_key *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != keys) memcpy(keys, from, (size_t)count * sizeof *keys);
}
