#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/watchdog.h"

/* Small appends are gathered, so that writing message by message costs no system call each. */
enum { BUFFER_BYTES = 256 * 1024 };

struct file_writer {
  int fd;
  char *path, *temporary;
  int64_t offset; /* bytes appended, buffered ones among them */
  size_t buffered;
  char buffer[BUFFER_BYTES];
};

status file_fault(const char *path, const char *doing, int error) {
  if (error == ENOENT || error == ENOTDIR)
    return status_fail(STATUS_MISSING, "%s: cannot %s: no such file or folder", path, doing);
  if (error == EACCES || error == EPERM)
    return status_fail(STATUS_PERMISSION, "%s: cannot %s: permission denied", path, doing);
  if (error == ENOSPC || error == EDQUOT)
    return status_fail(STATUS_IO, "%s: cannot %s: the disk is full%s; make room and start the same command again", path,
                       doing, error == EDQUOT ? " (quota)" : "");
  if (error == ENOMEM) return status_fail(STATUS_BUG, "%s: cannot %s: out of memory", path, doing);
  return status_fail(STATUS_IO, "%s: cannot %s: %s", path, doing, strerror(error));
}

status file_output_fault(const char *path, const char *doing, int error) {
  const status s = file_fault(path, doing, error);
  return s == STATUS_MISSING ? STATUS_IO : s;
}

static void writer_free(file_writer *w) {
  if (w->fd >= 0) close(w->fd);
  free(w->path);
  free(w->temporary);
  free(w);
}

static file_writer *writer_create(const char *path) {
  file_writer *w = malloc(sizeof *w);
  if (w == NULL) return NULL;
  const size_t length = strlen(path);
  w->fd = -1;
  w->offset = 0;
  w->buffered = 0;
  w->path = malloc(length + 1);
  w->temporary = malloc(length + sizeof ".tmp");
  if (w->path == NULL || w->temporary == NULL) {
    writer_free(w);
    return NULL;
  }
  memcpy(w->path, path, length + 1);
  memcpy(w->temporary, path, length);
  memcpy(w->temporary + length, ".tmp", sizeof ".tmp");
  return w;
}

status file_writer_open(const char *path, file_writer **out) {
  *out = NULL;
  file_writer *w = writer_create(path);
  if (w == NULL) return status_fail(STATUS_BUG, "%s: out of memory for a write buffer", path);
  if (unlink(w->temporary) != 0 && errno != ENOENT) {
    const status failed = file_output_fault(w->temporary, "remove the leftover of an earlier run", errno);
    writer_free(w);
    return failed;
  }
  w->fd = open(w->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (w->fd < 0) {
    const status failed = file_output_fault(w->temporary, "create the file", errno);
    writer_free(w);
    return failed;
  }
  *out = w;
  return STATUS_OK;
}

static status write_all(file_writer *w, const char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t wrote = write(w->fd, bytes, count);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return file_output_fault(w->path, "write", errno);
    bytes += wrote;
    count -= (size_t)wrote;
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status flush_buffer(file_writer *w) {
  const size_t count = w->buffered;
  w->buffered = 0;
  return write_all(w, w->buffer, count);
}

status file_writer_append(file_writer *w, const void *bytes, size_t count) {
  w->offset += (int64_t)count;
  if (count > BUFFER_BYTES - w->buffered) TRY(flush_buffer(w));
  if (count >= BUFFER_BYTES) return write_all(w, bytes, count);
  if (count > 0) memcpy(w->buffer + w->buffered, bytes, count);
  w->buffered += count;
  return STATUS_OK;
}

int64_t file_writer_offset(const file_writer *w) { return w->offset; }

/* Makes a rename, removal or new folder in the folder of `path` survive a power cut. Some file systems cannot sync
 * folders and say so; one that may not be read (a parent of ours, not ours) cannot be opened for it. */
static status sync_folder(const char *path) {
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') length--;
  while (length > 0 && path[length - 1] != '/') length--;
  while (length > 1 && path[length - 1] == '/') length--;
  char *folder = malloc(length + 2);
  if (folder == NULL) return status_fail(STATUS_BUG, "%s: out of memory for a path", path);
  memcpy(folder, length == 0 ? "." : path, length == 0 ? 2 : length);
  folder[length == 0 ? 1 : length] = '\0';
  const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int flushed = fd >= 0 ? fsync(fd) : errno == EACCES ? 0 : -1;
  status result = STATUS_OK;
  if (flushed != 0 && errno != EINVAL && errno != ENOTSUP && errno != ENOSYS)
    result = file_output_fault(folder, "flush the folder", errno);
  if (fd >= 0) close(fd);
  free(folder);
  return result;
}

static status writer_finish(file_writer *w) {
  TRY(flush_buffer(w));
  while (fsync(w->fd) != 0)
    if (errno != EINTR) return file_output_fault(w->path, "flush", errno);
  const int closed = close(w->fd);
  w->fd = -1;
  if (closed != 0 && errno != EINTR) return file_output_fault(w->path, "close", errno);
  if (rename(w->temporary, w->path) != 0) return file_output_fault(w->path, "rename its .tmp to it", errno);
  return sync_folder(w->path);
}

status file_writer_commit(file_writer *w) {
  const status result = writer_finish(w);
  if (result != STATUS_OK) {
    file_writer_abandon(w);
    return result;
  }
  writer_free(w);
  return STATUS_OK;
}

void file_writer_abandon(file_writer *w) {
  if (w == NULL) return;
  unlink(w->temporary);
  writer_free(w);
}

status file_write(const char *path, const void *bytes, size_t count) {
  file_writer *w = NULL;
  TRY(file_writer_open(path, &w));
  const status appended = file_writer_append(w, bytes, count);
  if (appended != STATUS_OK) {
    file_writer_abandon(w);
    return appended;
  }
  return file_writer_commit(w);
}

/* Reads to the end of the file, whose size may have changed since it was asked for. */
static status read_all(const char *path, int fd, arena *a, char **bytes, int64_t *count) {
  struct stat s;
  if (fstat(fd, &s) != 0) return file_fault(path, "read", errno);
  if (!S_ISREG(s.st_mode)) return status_fail(STATUS_IO, "%s: cannot read: not a regular file", path);
  TRY(ARENA(a, (int64_t)s.st_size + 1, bytes));
  *count = 0;
  while (*count < (int64_t)s.st_size) {
    const ssize_t got = read(fd, *bytes + *count, (size_t)((int64_t)s.st_size - *count));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_fault(path, "read", errno);
    if (got == 0) return status_fail(STATUS_IO, "%s: became shorter while it was read", path);
    *count += got;
    watchdog_pulse();
  }
  return STATUS_OK;
}

status file_read(const char *path, arena *a, char **bytes, int64_t *count) {
  *bytes = NULL;
  *count = 0;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return file_fault(path, "read", errno);
  const status result = read_all(path, fd, a, bytes, count);
  close(fd);
  return result;
}

int file_exists(const char *path) {
  struct stat s;
  return stat(path, &s) == 0;
}

status file_stat(const char *path, int64_t *bytes, int64_t *modified) {
  struct stat s;
  if (stat(path, &s) != 0) return file_fault(path, "read", errno);
  *bytes = (int64_t)s.st_size;
  *modified = (int64_t)s.st_mtim.tv_sec * 1000000000 + (int64_t)s.st_mtim.tv_nsec;
  return STATUS_OK;
}

static status make_one(const char *path) {
  struct stat s;
  if (mkdir(path, 0700) == 0) return sync_folder(path);
  const int why = errno;
  /* Asked only afterwards: another rank may have been first. A read-only parent says EROFS before EEXIST. */
  if (stat(path, &s) == 0) {
    if (S_ISDIR(s.st_mode)) return STATUS_OK;
    return status_fail(STATUS_IO, "%s: cannot make the folder: a file of that name is there", path);
  }
  return file_output_fault(path, "make the folder", why);
}

status file_make_folder(const char *path) {
  const size_t length = strlen(path);
  char *part = malloc(length + 1);
  if (part == NULL) return status_fail(STATUS_BUG, "%s: out of memory for a path", path);
  memcpy(part, path, length + 1);
  status result = STATUS_OK;
  for (size_t i = 1; i < length && result == STATUS_OK; i++) {
    if (part[i] != '/' || part[i - 1] == '/') continue;
    part[i] = '\0';
    result = make_one(part);
    part[i] = '/';
  }
  if (result == STATUS_OK && length > 0) result = make_one(part);
  free(part);
  return result;
}

status file_remove(const char *path) {
  if (unlink(path) == 0 || errno == ENOENT) return STATUS_OK;
  return file_output_fault(path, "remove", errno);
}
