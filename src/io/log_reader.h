/* Reading back what base/log.h wrote: the run's log, one JSON object a line. */
#ifndef IO_LOG_READER_H
#define IO_LOG_READER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct log_value {
  const char *name;
  int is_text;
  double number;    /* NaN where the log says null */
  const char *text; /* "" unless is_text */
} log_value;

typedef struct log_entry {
  const char *time, *stage, *event;
  int count;
  log_value *value; /* [count], without the three above */
} log_entry;

typedef struct log_entries {
  int64_t count;
  log_entry *entry; /* oldest first */
} log_entries;

/* Reads every line that is a whole object with a stage and an event; a last line cut by a killed job is passed over,
 * and so is anything else that is not ours. A log that is not there has no entries. Fails: STATUS_IO. */
status log_reader_read(const char *path, arena *a, log_entries *out);

/* The number called `name` of an entry, or `otherwise`. */
double log_reader_number(const log_entry *e, const char *name, double otherwise);

/* The text called `name`, or "". */
const char *log_reader_text(const log_entry *e, const char *name);

/* JSON members ("\"a\": 1, \"b\": \"x\""), such as the summary of a stage. Nothing where they are damaged. */
status log_reader_members(const char *members, arena *a, log_entry *out);

#endif
