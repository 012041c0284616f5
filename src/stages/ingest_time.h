/* Times as they stand in inputs, read as UTC, whatever the locale and the time zone of the machine. */
#ifndef STAGES_INGEST_TIME_H
#define STAGES_INGEST_TIME_H

#include <stdint.h>

#include "base/status.h"

/* Formats: "iso" (2010-12-01, 2010-12-01 08:26, 2010-12-01T08:26:00.5Z, …+08:00), "unix" (seconds, a fraction is cut
 * off), or conversions of strptime: %Y %y %m %d %e %b %B %H %I %M %S %p %j %s %z %T %R %F %D %% and white space.
 * `key` names the setting. Fails: STATUS_SETTINGS for a conversion that is not among them. */
status ingest_time_check(const char *format, const char *key);

/* 1 and the Unix seconds if the whole text, of `length` bytes before its NUL, is a time of an existing day; 0
 * otherwise. */
int ingest_time_parse(const char *format, const char *text, int64_t length, int64_t *seconds);

#endif
