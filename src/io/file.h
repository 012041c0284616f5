/* Files that are whole or not there: written under a temporary name, flushed, renamed. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct file_writer file_writer;

/* Creates `path`.tmp (mode 0600, replacing a leftover of a dead run, never following a link).
 * Fails: STATUS_IO, STATUS_PERMISSION. */
status file_writer_open(const char *path, file_writer **out);
/* Buffered. After a failure only file_writer_abandon remains. Fails: STATUS_IO. */
status file_writer_append(file_writer *w, const void *bytes, size_t count);
int64_t file_writer_offset(const file_writer *w);

/* Flushes, fsyncs, closes, renames to `path`, fsyncs the directory. The writer is gone either way; on failure so is the
 * temporary file. Fails: STATUS_IO (a full disk among them). */
status file_writer_commit(file_writer *w);

/* Drops the temporary file. NULL is allowed. */
void file_writer_abandon(file_writer *w);

/* Commits text or bytes in one call. */
status file_write(const char *path, const void *bytes, size_t count);

/* The whole file into the arena, NUL-terminated. Fails: STATUS_MISSING, STATUS_PERMISSION, STATUS_IO. */
status file_read(const char *path, arena *a, char **bytes, int64_t *count);

int file_exists(const char *path);

/* Bytes and modification time (ns). Fails: STATUS_MISSING with a sentence naming the path. */
status file_stat(const char *path, int64_t *bytes, int64_t *modified);

/* mkdir -p, mode 0700; what was made stays after a power cut. Fails: STATUS_PERMISSION, STATUS_IO. */
status file_make_folder(const char *path);

/* Removes a file if it is there; it stays gone after a power cut, so that what is written next never stands beside what
 * it replaced. Fails: STATUS_IO, STATUS_PERMISSION. */
status file_remove(const char *path);

/* The one sentence for an errno: "PATH: cannot DOING: …". Returns STATUS_MISSING, STATUS_PERMISSION, STATUS_IO, or
 * STATUS_BUG where memory is out. */
status file_fault(const char *path, const char *doing, int error);

/* The same for what we write: a place that cannot be written to is our output going wrong, not an input that is
 * missing. Returns STATUS_PERMISSION or STATUS_IO. */
status file_output_fault(const char *path, const char *doing, int error);

#endif
