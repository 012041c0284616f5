#include "io/random_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/watchdog.h"

struct random_file {
  int fd;
  int64_t bytes;
  char path[]; /* for sentences */
};

status random_file_open(const char *path, random_file **out) {
  struct stat about;
  *out = NULL;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return status_fail(errno == ENOENT ? STATUS_MISSING : STATUS_IO, "%s: cannot open: %s", path, strerror(errno));
  const int is_file = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
  random_file *f = is_file ? calloc(1, sizeof *f + strlen(path) + 1) : NULL;
  if (f == NULL) {
    close(fd);
    return is_file ? status_fail(STATUS_BUG, "%s: out of memory", path)
                   : status_fail(STATUS_IO, "%s: cannot be read as a file", path);
  }
  f->fd = fd;
  f->bytes = about.st_size;
  memcpy(f->path, path, strlen(path));
  *out = f;
  return STATUS_OK;
}

void random_file_close(random_file *f) {
  if (f == NULL) return;
  close(f->fd);
  free(f);
}

int64_t random_file_bytes(const random_file *f) { return f->bytes; }

status random_file_read(random_file *f, int64_t offset, void *bytes, int64_t count) {
  for (int64_t done = 0; done < count;) {
    const ssize_t step = pread(f->fd, (char *)bytes + done, (size_t)(count - done), offset + done);
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) return status_fail(STATUS_IO, "%s: cannot read: %s", f->path, strerror(errno));
    if (step == 0) return status_fail(STATUS_DATA, "%s: has been cut", f->path);
    done += step;
    watchdog_pulse();
  }
  return STATUS_OK;
}
