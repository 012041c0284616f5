/* Who is meant: 128-bit global ids, and 32-bit rows that mean something on one partition or in one table only. */
#ifndef DATA_IDS_H
#define DATA_IDS_H

#include <stdint.h>

/* Keyed BLAKE2b-128 of the platform's own id (io/digest.h), as two big-endian halves, so that comparing (high, low)
 * is comparing the 16 bytes. */
typedef struct user_id {
  uint64_t high, low;
} user_id;

typedef struct item_id {
  uint64_t high, low;
} item_id;

/* Place of a user in its logical partition (ascending by id), and of an item in the catalogue (ascending by id). */
typedef int32_t user_row;
typedef int32_t item_row;

static inline int user_id_compare(user_id a, user_id b) {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  return (a.low > b.low) - (a.low < b.low);
}

static inline int item_id_compare(item_id a, item_id b) {
  return user_id_compare((user_id){a.high, a.low}, (user_id){b.high, b.low});
}

#endif
