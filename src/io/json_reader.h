/* JSON by jansson, which is not safe where memory is out: a character that its lexer has no room for is dropped without
 * a word, which gives another text, or a failed assertion. */
#ifndef IO_JSON_READER_H
#define IO_JSON_READER_H

#include <jansson.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"

/* Parses bytes[0, count); a member given twice is a fault. *out is the caller's, to be given to json_decref, and NULL
 * on failure. Fails: STATUS_DATA with "PATH:LINE:COLUMN: what is wrong"; STATUS_BUG where memory is out. */
status json_reader_load(const char *path, const char *bytes, size_t count, json_t **out);

/* The members of an object as text, without the braces: what json_writer_members takes. Fails: STATUS_BUG (memory). */
status json_reader_members(const json_t *object, arena *a, char **out);

#endif
