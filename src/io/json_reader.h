/* JSON by jansson, which takes some allocations that fail for nothing, and would give back a shorter text. */
#ifndef IO_JSON_READER_H
#define IO_JSON_READER_H

#include <jansson.h>
#include <stddef.h>

#include "base/status.h"

/* Parses bytes[0, count); a member given twice is a fault. *out is the caller's, to be given to json_decref, and NULL
 * on failure. Fails: STATUS_DATA with "PATH:LINE:COLUMN: what is wrong"; STATUS_BUG where memory is out. */
status json_reader_load(const char *path, const char *bytes, size_t count, json_t **out);

#endif
