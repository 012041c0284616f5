/* Looking a word up in a small table of names. */
#ifndef DATA_NAMES_H
#define DATA_NAMES_H

#include <string.h>

/* Place of `name` in names[count], or -1. */
static inline int names_find(const char *const *names, int count, const char *name) {
  for (int i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return i;
  return -1;
}

#endif
