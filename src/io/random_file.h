/* A file that is read here and there. */
#ifndef IO_RANDOM_FILE_H
#define IO_RANDOM_FILE_H

#include <stdint.h>

#include "base/status.h"

typedef struct random_file random_file;

/* Fails: STATUS_MISSING, STATUS_IO. */
status random_file_open(const char *path, random_file **out);
void random_file_close(random_file *f); /* NULL is allowed */

int64_t random_file_bytes(const random_file *f);

/* Reads bytes [offset, offset + count). Fails: STATUS_DATA where the file ends before, STATUS_IO. */
status random_file_read(random_file *f, int64_t offset, void *bytes, int64_t count);

#endif
