#include "stages/bench_npy.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"

enum { HEAD = 128 /* bytes before the values */, MAGIC = 10 };

static const struct {
  const char *name;
  size_t bytes;
} types[] = {{"<f4", 4}, {"<i4", 4}, {"<i8", 8}};

static status append(file_writer *w, const char *head, size_t bytes, const void *values) {
  TRY(file_writer_append(w, head, HEAD));
  return file_writer_append(w, values, bytes);
}

status bench_npy_write(const char *folder, const char *name, bench_npy_type type, int64_t rows, int64_t columns,
                       const void *values) {
  char path[4096], shape[64], head[HEAD + 1];
  snprintf(path, sizeof path, "%s/%s.npy", folder, name);
  if (columns > 0)
    snprintf(shape, sizeof shape, "%lld, %lld", (long long)rows, (long long)columns);
  else
    snprintf(shape, sizeof shape, "%lld,", (long long)rows);
  memset(head, ' ', sizeof head);
  const int used = snprintf(head + MAGIC, sizeof head - MAGIC, "{'descr': '%s', 'fortran_order': False, 'shape': (%s)}",
                            types[type].name, shape);
  head[MAGIC + used] = ' ';
  memcpy(head, "\x93NUMPY\x01\x00\x76\x00", MAGIC); /* 0x76: what follows up to HEAD */
  head[HEAD - 1] = '\n';
  file_writer *w = NULL;
  TRY(file_writer_open(path, &w));
  const size_t count = (size_t)rows * (size_t)(columns > 0 ? columns : 1);
  const status s = append(w, head, count * types[type].bytes, values);
  if (s != STATUS_OK) {
    file_writer_abandon(w);
    return s;
  }
  return file_writer_commit(w);
}
