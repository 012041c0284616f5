/* Memory that is given back all at once. A stage owns an arena; what it calls allocates from the arena it is handed,
 * so that no early return leaks. Every block is zeroed and aligned to 64 bytes. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct arena_chunk arena_chunk;

typedef struct arena {
  arena_chunk *last; /* newest chunk, linked to the older ones */
} arena;

typedef struct arena_mark {
  arena_chunk *chunk;
  size_t used;
} arena_mark;

/* An arena starts as `arena a = {0};`. Frees everything; the arena may be used again. */
void arena_free(arena *a);

/* Takes count × size zeroed bytes. count may be 0: *out is then a valid pointer to nothing.
 * Fails: STATUS_BUG when memory is out or the product overflows; *out is NULL then. */
status arena_take(arena *a, int64_t count, size_t size, void **out);

/* TRY(ARENA(a, n, &rows)) takes an array of n elements of *rows' type. */
#define ARENA(a, count, out) arena_take((a), (count), sizeof **(out), (void **)(out))

/* Copies text[0, length) and ends it with a NUL. */
status arena_text(arena *a, const char *text, size_t length, char **out);

/* printf into the arena. */
status arena_print(arena *a, char **out, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Everything taken after the mark is given back by arena_release. */
arena_mark arena_here(const arena *a);
void arena_release(arena *a, arena_mark mark);

/* What was freed in small blocks by malloc's own users goes back to the system, where the C library can: the next stage
 * does not count it as its own. */
void arena_trim(void);

/* Bytes held from the system by this arena. */
size_t arena_bytes(const arena *a);

/* For tests: the n-th request from now on fails (0: the next one); a negative n switches it off. */
void arena_fail_after(int64_t n);

#endif
