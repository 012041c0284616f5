/* What stands behind `settings`; for the settings_*.c files only. */
#ifndef BASE_SETTINGS_STORE_H
#define BASE_SETTINGS_STORE_H

#include "base/settings.h"

/* Where a value comes from. */
typedef enum settings_origin { SETTINGS_DEFAULT, SETTINGS_FILE, SETTINGS_OVERRIDE } settings_origin;

typedef struct settings_value {
  settings_origin origin;
  int given;         /* has a value at all: its default or one of its own */
  const char *where; /* of the assignment; NULL for defaults */
  const char *text;  /* as stored: paths expanded; "" when empty */
  int64_t integer;   /* INT, BOOL, place of a CHOICE */
  double real;       /* INT and REAL */
} settings_value;

/* One row of the table: a plain value in value[0], the members of a list of maps, or the texts of a LIST. */
typedef struct settings_slot {
  settings_value *value; /* [capacity] */
  int count, capacity;
  settings_origin origin; /* of a LIST set as a whole */
} settings_slot;

struct settings {
  arena *memory;
  settings_slot *slot; /* [settings_table_count] */
};

/* A key taken apart: its row, and its index (-1: none). */
typedef struct settings_key {
  int row; /* -1: no such key */
  int index;
} settings_key;

enum { SETTINGS_PATH_SIZE = 256, SETTINGS_MEMBERS_MOST = 4096 };

/* "events.kinds[2].name" is row "events.kinds[].name", index 2. A LIST may carry its index at the end. */
settings_key settings_store_key(const char *path);

/* 1 if `path` holds [] and starts with the same list of maps as `other`. */
int settings_store_same_list(const char *path, const char *other);

/* Makes room for value[index], new ones at the row's default; in a list of maps, for all rows of its members. */
status settings_store_grow(settings *s, int row, int index);

/* Reads the text of one value of a row. On a fault *fault is what is wrong with it ("is not a number"), in `memory`. */
status settings_parse(const settings_row *row, const char *text, arena *memory, settings_value *out, char **fault);

#endif
