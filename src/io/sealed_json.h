/* A JSON object whose last member, "digest", is the BLAKE2b-256 of all that stands before it, so that a file that was
 * cut, damaged or edited is told from a whole one. And reading members with a sentence for what is wrong. */
#ifndef IO_SEALED_JSON_H
#define IO_SEALED_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "io/accounts.h"
#include "io/json_writer.h"

/* Adds the seal to the open outermost object of `w`, closes it and commits the file.
 * Fails: STATUS_BUG where what was written is no JSON; STATUS_IO, STATUS_PERMISSION. */
status sealed_json_write(const char *path, json_writer *w);

/* The caller gives *out back with json_decref. Fails: STATUS_MISSING, STATUS_DATA, STATUS_IO. */
status sealed_json_read(const char *path, arena *a, json_t **out);

/* Members of `object`; `path` is for the sentence. Texts are copied into the arena. Fail: STATUS_DATA. */
status sealed_json_text(const json_t *object, const char *path, const char *name, arena *a, const char **out);
status sealed_json_integer(const json_t *object, const char *path, const char *name, int64_t *out);
status sealed_json_real(const json_t *object, const char *path, const char *name, double *out); /* null: NaN */
status sealed_json_accounts(const json_t *object, const char *path, const char *name, arena *a, accounts *out);
status sealed_json_member(const json_t *object, const char *path, const char *name, json_type type, const json_t **out);

#endif
