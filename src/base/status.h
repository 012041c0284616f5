/* What a function that can fail returns, and the one sentence that says why.
 * The failing place calls status_fail with a sentence that names the path, row or id and what to do; everyone above
 * passes the status up with TRY. Local functions only: before a collective step, ranks agree with comm/agree.h. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include <stddef.h>

/* Values are the exit codes of sysexits.h, so that what a rank returns is what the shell sees. */
typedef enum status {
  STATUS_OK = 0,
  STATUS_USAGE = 64,      /* the command line is wrong */
  STATUS_DATA = 65,       /* an input is damaged, or more of it than the set share */
  STATUS_MISSING = 66,    /* an input is not there */
  STATUS_BUG = 70,        /* a promise of our own is broken, or memory ran out */
  STATUS_IO = 74,         /* reading, writing, a full disk */
  STATUS_AGAIN = 75,      /* checkpointed: submit the same command again */
  STATUS_PERMISSION = 77, /* not allowed, or too open */
  STATUS_SETTINGS = 78,   /* a settings file or --set is wrong */
} status;

enum { STATUS_TEXT_SIZE = 4096 };

/* Records the sentence (printf format; several faults are separated by newlines) and returns `kind`. */
status status_fail(status kind, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a line to the sentence, for readers that report all faults at once. */
void status_add(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The last recorded sentence of this thread; valid until the next failure. Empty if none. */
const char *status_text(void);

void status_set_text(const char *text);

/* "usage", "bad data", "missing", … as printed after the program's name. */
const char *status_kind(status s);

#define TRY(call)                                   \
  do {                                              \
    const status try_status = (call);               \
    if (try_status != STATUS_OK) return try_status; \
  } while (0)

/* For functions that hold something to give back: sets `result`, jumps to the label `done`. */
#define TRY_DONE(result, call)            \
  do {                                    \
    (result) = (call);                    \
    if ((result) != STATUS_OK) goto done; \
  } while (0)

#endif
