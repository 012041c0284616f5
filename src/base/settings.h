/* The settings of a job: one table says each key's type, range, default, unit and meaning, and drives the YAML reader
 * (io/settings_file.h), `--set`, `nightmail help settings` and the effective settings written into a run.
 *
 * A key is a dotted path. A table row whose path holds `[]` describes the members of a list of maps, such as
 * "events.kinds[].weight"; values stand at "events.kinds[0].weight". A row of type SETTINGS_LIST is a list of texts. */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef enum settings_type {
  SETTINGS_INT,
  SETTINGS_REAL,
  SETTINGS_BOOL, /* true | false */
  SETTINGS_TEXT,
  SETTINGS_PATH,   /* ${NAME} is replaced from the environment, in lists too; NIGHTMAIL_DATA has a default */
  SETTINGS_CHOICE, /* one of `choices`, separated by | */
  SETTINGS_LIST,   /* list of texts */
} settings_type;

typedef struct settings_row {
  const char *path;
  settings_type type;
  double min, max;      /* INT and REAL, inclusive */
  const char *fallback; /* the default, as it would stand in YAML; NULL: must be given; lists: comma-separated */
  const char *choices;  /* CHOICE only */
  const char *unit;     /* "" if none */
  const char *help;     /* one sentence */
} settings_row;

/* The table, in the order in which help prints it. */
extern const settings_row settings_table[];
extern const int settings_table_count;

typedef struct settings settings;

/* Every key at its default. The arena must outlive the settings. */
status settings_create(arena *a, settings **out);

/* Sets one value from its text; `where` ("jobs/x.yaml:3:5", "--set") begins the sentence of a fault. `path` may carry
 * list indices; a list of texts is set by path "…[i]", or whole by its plain path, comma-separated.
 * Fails: STATUS_SETTINGS for an unknown key (naming the nearest known one), a wrong type, a value out of range, a key
 * set twice from a file (where `overrides` is 0). */
status settings_set(settings *s, const char *path, const char *value, const char *where, int overrides);

/* "key=value" of the command line. */
status settings_override(settings *s, const char *assignment);

/* After all files: required keys present, and rules that join several keys (such as inputs.interactions.path and
 * inputs.interactions.columns). Reports every fault, one a line. Fails: STATUS_SETTINGS. */
status settings_check(const settings *s);

/* Look-ups; a path that is not in the table is a bug and aborts. Values are in range by construction.
 * For rows with [] in them use the _at forms: settings_text_at(s, "events.kinds[].name", 0). */
int64_t settings_int(const settings *s, const char *path);
double settings_real(const settings *s, const char *path);
int settings_bool(const settings *s, const char *path);
const char *settings_text(const settings *s, const char *path); /* TEXT, PATH, CHOICE; "" when empty */
int settings_choice(const settings *s, const char *path);       /* place in `choices`, from 0 */

/* Number of members of a list of maps ("events.kinds") or of a list of texts. */
int settings_count(const settings *s, const char *list);
const char *settings_list_at(const settings *s, const char *list, int index);
double settings_real_at(const settings *s, const char *path, int index);
const char *settings_text_at(const settings *s, const char *path, int index);
int settings_choice_at(const settings *s, const char *path, int index);
int settings_is_set_at(const settings *s, const char *path, int index);

/* The effective settings as YAML-like "path: value" lines in table order; keys that begin with one of `prefixes`
 * (NULL-terminated; NULL: all). What a stage depends on is hashed from this. */
status settings_print(const settings *s, const char *const *prefixes, arena *a, char **out);

/* What is not at its default, as a job file that reads back as the same settings; paths stand expanded. */
status settings_yaml(const settings *s, arena *a, char **out);

/* A copy that may be overridden without touching `s`, which must outlive it. */
status settings_clone(const settings *s, arena *a, settings **out);

/* Whether keys stand below `path`: 1 for "als" and "events.kinds", 0 for "als.width". */
int settings_is_section(const char *path);

/* The known path nearest to `path` by edit distance, or NULL if none is near. */
const char *settings_nearest(const char *path);

#endif
