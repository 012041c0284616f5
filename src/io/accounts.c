#include "io/accounts.h"

#include <string.h>

static int find(const accounts *a, const char *name) {
  for (int i = 0; i < a->count; i++)
    if (strcmp(a->entry[i].name, name) == 0) return i;
  return -1;
}

int64_t accounts_sum(int64_t one, int64_t other) {
  int64_t sum;
  if (!__builtin_add_overflow(one, other, &sum)) return sum;
  return one > 0 ? INT64_MAX : INT64_MIN;
}

void accounts_add(accounts *a, const char *name, int64_t count) {
  int place = find(a, name);
  if (place < 0 && a->count < ACCOUNTS_MOST) {
    place = a->count++;
    a->entry[place] = (account){.name = name};
  } else if (place < 0) {
    place = ACCOUNTS_MOST - 1;
    a->entry[place].name = "other";
  }
  a->entry[place].count = accounts_sum(a->entry[place].count, count);
}

int64_t accounts_get(const accounts *a, const char *name) {
  const int place = find(a, name);
  return place < 0 ? 0 : a->entry[place].count;
}

int64_t accounts_total(const accounts *a) {
  int64_t total = 0;
  for (int i = 0; i < a->count; i++) total = accounts_sum(total, a->entry[i].count);
  return total;
}
