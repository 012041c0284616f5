/* The run's log: one JSON object a line, for people with jq and for the report. Never a user id, never row contents. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/status.h"

typedef struct log_file log_file;

typedef struct log_field {
  const char *name;
  enum { LOG_IS_INT, LOG_IS_REAL, LOG_IS_TEXT } type;
  int64_t integer;
  double real;
  const char *text;
} log_field;

#define LOG_INT(n, v) ((log_field){.name = (n), .type = LOG_IS_INT, .integer = (int64_t)(v)})
#define LOG_REAL(n, v) ((log_field){.name = (n), .type = LOG_IS_REAL, .real = (double)(v)})
#define LOG_TEXT(n, v) ((log_field){.name = (n), .type = LOG_IS_TEXT, .text = (v)})

/* Opens `path` for appending, mode 0600. A NULL log swallows every event: ranks other than 0 hold one.
 * Fails: STATUS_IO. */
status log_open(const char *path, log_file **out);
void log_close(log_file *l);

/* log_event(l, "factorise", "sweep", LOG_INT("sweep", 3), LOG_REAL("loss", x)); `time` is added. Written at once. A
 * line that cannot be written is lost, and the night goes on: its results do not depend on it. */
#define log_event(l, stage, event, ...)                              \
  log_write((l), (stage), (event), (const log_field[]){__VA_ARGS__}, \
            (int)(sizeof((const log_field[]){__VA_ARGS__}) / sizeof(log_field)))
void log_write(log_file *l, const char *stage, const char *event, const log_field *fields, int count);

#endif
