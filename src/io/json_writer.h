/* JSON being written into an arena, indented by two spaces; members in the order of the calls.
 * A request for memory that fails is remembered: check `failed` at the end. */
#ifndef IO_JSON_WRITER_H
#define IO_JSON_WRITER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "io/accounts.h"

typedef struct json_writer {
  arena *arena;
  char *bytes; /* NUL-terminated */
  int64_t used, capacity;
  int depth;      /* of objects and lists that are open */
  int has_before; /* the open one has a member already */
  status failed;
} json_writer;

json_writer json_writer_start(arena *a);

/* Objects and lists; `name` is NULL for members of a list and for the outermost. */
void json_writer_open(json_writer *w, const char *name, char bracket);
void json_writer_close(json_writer *w, char bracket);

/* Members. Bytes that are not UTF-8 become U+FFFD; a number that is not finite becomes null. */
void json_writer_text(json_writer *w, const char *name, const char *text);
void json_writer_integer(json_writer *w, const char *name, int64_t value);
void json_writer_real(json_writer *w, const char *name, double value);
void json_writer_accounts(json_writer *w, const char *name, const accounts *a);
void json_writer_integers(json_writer *w, const char *name, const int64_t *values, int count);
void json_writer_reals(json_writer *w, const char *name, const double *values, int count);

/* Members that are JSON already. */
void json_writer_members(json_writer *w, const char *members);

/* Bytes as they are, and a text in quotes: for lines that somebody else lays out. */
void json_writer_raw(json_writer *w, const char *bytes, size_t count);
void json_writer_quoted(json_writer *w, const char *text);

#endif
