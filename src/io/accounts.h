/* Counts by name, such as rows by reason, in the order in which the names came. */
#ifndef IO_ACCOUNTS_H
#define IO_ACCOUNTS_H

#include <stdint.h>

typedef struct account {
  const char *name; /* not copied: must live as long as the accounts */
  int64_t count;
} account;

enum { ACCOUNTS_MOST = 64 };

typedef struct accounts {
  int count;
  account entry[ACCOUNTS_MOST];
} accounts;

/* Adds to the entry of that name, or appends one. When all places are taken, the last becomes "other" and takes the
 * rest, so that totals stay right. */
void accounts_add(accounts *a, const char *name, int64_t count);

/* 0 if there is no entry of that name. */
int64_t accounts_get(const accounts *a, const char *name);

int64_t accounts_total(const accounts *a);

/* The sum, or the nearest there is: what a damaged file says is added up too. All sums here are of this kind. */
int64_t accounts_sum(int64_t one, int64_t other);

#endif
