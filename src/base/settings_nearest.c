#include <string.h>

#include "base/nearest.h"
#include "base/settings_store.h"

static int dots(const char *path) {
  int n = 0;
  for (; *path != '\0'; path++) n += *path == '.';
  return n;
}

/* The end of `path` that has so many dots: "width" of "als.width" for 0. */
static const char *tail(const char *path, int wanted) {
  int drop = dots(path) - wanted;
  while (drop > 0)
    if (*path++ == '.') drop--;
  return path;
}

/* Drops the digits of every index, as paths stand in the table. */
static void plain_path(const char *path, char out[SETTINGS_PATH_SIZE]) {
  size_t n = 0;
  int inside = 0;
  for (; *path != '\0' && n + 1 < SETTINGS_PATH_SIZE; path++) {
    if (*path == ']') inside = 0;
    if (!inside) out[n++] = *path;
    if (*path == '[') inside = 1;
  }
  out[n] = '\0';
}

const char *settings_nearest(const char *path) {
  char asked[SETTINGS_PATH_SIZE];
  plain_path(path, asked);
  const size_t length = strlen(asked);
  const int depth = dots(asked);
  const char *best = NULL;
  int best_cost = nearest_limit(length);
  for (int i = 0; i < settings_table_count; i++) {
    const char *known = settings_table[i].path;
    int cost = nearest_distance(asked, length, known, strlen(known));
    /* A key written without its section, or in the wrong place above it. */
    const char *end = tail(known, depth);
    const int by_tail = 1 + nearest_distance(asked, length, end, strlen(end));
    if (end != known && by_tail < cost) cost = by_tail;
    if (cost >= best_cost) continue;
    best_cost = cost;
    best = known;
  }
  return best;
}
