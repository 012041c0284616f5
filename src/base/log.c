#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

struct log_file {
  FILE *file;
};

status log_open(const char *path, log_file **out) {
  *out = NULL;
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "a");
  if (file == NULL) {
    const int why = errno;
    if (fd >= 0) close(fd);
    return status_fail(STATUS_IO, "%s: cannot open the log: %s", path, strerror(why));
  }
  log_file *l = malloc(sizeof *l);
  if (l == NULL) {
    fclose(file);
    return status_fail(STATUS_BUG, "out of memory for the log");
  }
  l->file = file;
  *out = l;
  return STATUS_OK;
}

void log_close(log_file *l) {
  if (l == NULL) return;
  fclose(l->file);
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

void log_write(log_file *l, const char *stage, const char *event, const log_field *fields, int count) {
  if (l == NULL) return;
  char now[32];
  clock_text(clock_unix(), now);
  fprintf(l->file, "{\"time\": \"%s\", \"stage\": \"%s\", \"event\": \"%s\"", now, stage, event);
  for (int i = 0; i < count; i++) {
    fprintf(l->file, ", \"%s\": ", fields[i].name);
    if (fields[i].type == LOG_IS_INT)
      fprintf(l->file, "%lld", (long long)fields[i].integer);
    else if (fields[i].type == LOG_IS_TEXT)
      write_text(l->file, fields[i].text);
    else if (isfinite(fields[i].real))
      fprintf(l->file, "%.9g", fields[i].real);
    else
      fputs("null", l->file); /* JSON has no infinity */
  }
  fputs("}\n", l->file);
  fflush(l->file);
}
