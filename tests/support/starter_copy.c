#include "support/starter_copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const files[] = {"en_film", "en_news", "en_shop", "en_social", "en_travel",
                                    "zh_film", "zh_news", "zh_shop", "zh_social", "zh_travel"};

static void stop(const char *what, const char *where) {
  fprintf(stderr, "starter copy: %s: %s\n", where, what);
  exit(1);
}

/* Takes one field of a CSV line off its front, in place. */
static char *field(char **line) {
  char *from = *line, *to = from, *first = from;
  const int quoted = *from == '"';
  if (quoted) from++;
  while (*from && (quoted ? *from != '"' || from[1] == '"' : !strchr(",\r\n", *from))) {
    if (quoted && *from == '"') from++;
    *to++ = *from++;
  }
  if (quoted && *from) from++;
  *line = *from ? from + 1 : from;
  *to = '\0';
  return first;
}

static int read_file(const char *data, const char *name, arena *a, copy_line *lines) {
  char path[1024], row[4096];
  snprintf(path, sizeof path, "%s/../../jobs/copy/%s.csv", data, name);
  FILE *file = fopen(path, "r");
  if (!file || !fgets(row, sizeof row, file)) stop("cannot be read", path);
  int count = 0;
  while (fgets(row, sizeof row, file)) {
    char *rest = row;
    const int d = domain_find(field(&rest)), t = tone_find(field(&rest)), l = language_find(field(&rest));
    if (d < 0 || t < 0 || l < 0) stop("a domain, tone or language is not known", path);
    char *text = field(&rest), *copied;
    if (arena_text(a, text, strlen(text), &copied) != STATUS_OK) stop("out of memory", path);
    lines[count++] =
        (copy_line){.language = (language)l, .domain = (domain)d, .tone = (tone)t, .item = -1, .text = copied};
  }
  fclose(file);
  return count;
}

copy starter_copy_load(const char *data, arena *a) {
  enum { LINES_MOST = 20000 };
  copy c = {0};
  if (ARENA(a, LINES_MOST, &c.lines) != STATUS_OK) stop("out of memory", data);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) c.count += read_file(data, files[i], a, c.lines + c.count);
  return c;
}
