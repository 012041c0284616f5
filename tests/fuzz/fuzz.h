/* What the fuzz targets share. A target is one function from bytes to a reader of ours, through the door that the
 * program uses: it aborts where a promise of the reader's header is broken, the sanitizers where memory is. Each input
 * begins with one or two bytes that choose how the rest is used, so that one corpus serves all forms of a format. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* The target; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* A folder of this process, in memory where the system has /dev/shm; removed when the process ends. */
const char *fuzz_folder(void);

/* FOLDER/NAME with these bytes in place of older ones; `name` is a constant. The path is valid for eight calls. */
const char *fuzz_file(const char *name, const void *bytes, size_t count);

/* The same of a JSON object without its closing brace, which is closed as io/sealed_json does: with the digest of what
 * stands before it, so that what lies behind the digest is reached. */
const char *fuzz_file_sealed(const char *name, const void *bytes, size_t count);

/* Ends the process where a promise does not hold. */
#define FUZZ_HOLDS(condition)                                      \
  do {                                                             \
    if (!(condition)) fuzz_broken(__FILE__, __LINE__, #condition); \
  } while (0)
_Noreturn void fuzz_broken(const char *file, int line, const char *condition);

/* A reader that failed has said so with one of its kinds and a sentence, never with STATUS_BUG. */
void fuzz_failed(status s);

#endif
