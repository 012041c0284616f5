/* A column of texts: bytes one after another, and where each begins. */
#ifndef DATA_STRINGS_H
#define DATA_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct strings {
  int64_t count;
  int64_t *offset; /* [count + 1]; text i is bytes[offset[i], offset[i + 1] - 1), ended by a NUL */
  char *bytes;
} strings;

static inline const char *strings_at(const strings *s, int64_t i) { return s->bytes + s->offset[i]; }
static inline int64_t strings_length(const strings *s, int64_t i) { return s->offset[i + 1] - s->offset[i] - 1; }

/* Copies texts[count] (NULL counts as "") into one column. */
status strings_create(arena *a, const char *const *texts, int64_t count, strings *out);

#endif
