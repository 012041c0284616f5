#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* An event is laid out in memory and written at once, so that a rank that is killed leaves whole lines, and a write
 * that fails is seen. */
struct log_file {
  int fd;
  int is_torn; /* the file does not end with a line break: a writer before us was stopped in the middle of a line */
};

/* A file that cannot be read back is taken for torn, which costs an empty line. */
static int ends_torn(int fd) {
  char last = '\n';
  const off_t end = lseek(fd, 0, SEEK_END);
  return end > 0 && (pread(fd, &last, 1, end - 1) != 1 || last != '\n');
}

status log_open(const char *path, log_file **out) {
  *out = NULL;
  const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return status_fail(STATUS_IO, "%s: cannot open the log: %s", path, strerror(errno));
  log_file *l = malloc(sizeof *l);
  if (l == NULL) {
    close(fd);
    return status_fail(STATUS_BUG, "out of memory for the log");
  }
  *l = (log_file){.fd = fd, .is_torn = ends_torn(fd)};
  *out = l;
  return STATUS_OK;
}

void log_close(log_file *l) {
  if (l == NULL) return;
  close(l->fd);
  free(l);
}

static void write_text(FILE *f, const char *text) {
  fputc('"', f);
  for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      fprintf(f, "\\%c", *c);
    else if (*c < 0x20)
      fprintf(f, "\\u%04x", *c);
    else
      fputc(*c, f);
  }
  fputc('"', f);
}

static void write_line(FILE *f, const char *stage, const char *event, const log_field *fields, int count) {
  char now[32];
  clock_text(clock_unix(), now);
  fprintf(f, "{\"time\": \"%s\", \"stage\": \"%s\", \"event\": \"%s\"", now, stage, event);
  for (int i = 0; i < count; i++) {
    fprintf(f, ", \"%s\": ", fields[i].name);
    if (fields[i].type == LOG_IS_INT)
      fprintf(f, "%lld", (long long)fields[i].integer);
    else if (fields[i].type == LOG_IS_TEXT)
      write_text(f, fields[i].text);
    else if (isfinite(fields[i].real))
      fprintf(f, "%.9g", fields[i].real);
    else
      fputs("null", f); /* JSON has no infinity */
  }
  fputs("}\n", f);
}

/* 0 where the whole of it is in the file. */
static int append(int fd, const char *text, size_t length) {
  while (length > 0) {
    const ssize_t wrote = write(fd, text, length);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return -1;
    text += wrote;
    length -= (size_t)wrote;
  }
  return 0;
}

void log_write(log_file *l, const char *stage, const char *event, const log_field *fields, int count) {
  if (l == NULL) return;
  char *line = NULL;
  size_t length = 0;
  FILE *f = open_memstream(&line, &length);
  if (f == NULL) return;
  if (l->is_torn) fputc('\n', f);
  write_line(f, stage, event, fields, count);
  const int is_whole = !ferror(f);
  if (fclose(f) == 0 && is_whole) l->is_torn = append(l->fd, line, length) != 0;
  free(line);
}
