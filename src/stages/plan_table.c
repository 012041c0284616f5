#include "stages/plan_table.h"

#include <math.h>
#include <string.h>

#include "io/file.h"
#include "io/random_file.h"

enum { BLOCKS = 64, BLOCK_BYTES = 1 << 18 };

int plan_table_ranges(double bytes, int64_t most) {
  const double ranges = ceil(bytes / (double)most);
  return ranges < 1 ? 1 : ranges > 1e6 ? 1000000 : (int)ranges;
}

static int is_packed(const char *path) {
  const size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, ".zst") == 0;
}

/* Rows of the first of `ranges` ranges, times their number. */
static status count(const char *path, const table_options *options, int ranges, plan_table *out) {
  table_reader *reader = NULL;
  arena a = {0};
  table_row *row = NULL;
  status result = table_reader_open(path, options, 0, ranges, &reader);
  if (result == STATUS_OK) result = ARENA(&a, 1, &row);
  for (int more = result == STATUS_OK; more;) {
    result = table_reader_next(reader, row, &more);
    if (result != STATUS_OK || !more) break;
    out->rows++;
    for (int i = 0; i < row->count; i++) out->text += row->length[i] + 1;
  }
  table_reader_close(reader);
  arena_free(&a);
  out->rows *= ranges;
  out->text *= ranges;
  out->is_estimated = ranges > 1;
  return result;
}

/* Line breaks in blocks at even distances. */
static status sample(const char *path, char *block, plan_table *out) {
  random_file *file = NULL;
  TRY(random_file_open(path, &file));
  const int64_t bytes = random_file_bytes(file);
  double lines = 0;
  status result = STATUS_OK;
  for (int i = 0; i < BLOCKS && result == STATUS_OK; i++) {
    result = random_file_read(file, (bytes - BLOCK_BYTES) / (BLOCKS - 1) * i, block, BLOCK_BYTES);
    for (int k = 0; k < BLOCK_BYTES && result == STATUS_OK; k++) lines += block[k] == '\n';
  }
  random_file_close(file);
  out->rows = lines * (double)bytes / ((double)BLOCKS * BLOCK_BYTES);
  out->text = (double)bytes;
  out->is_estimated = 1;
  return result;
}

status plan_table_measure(const char *path, const table_options *options, int64_t most, plan_table *out) {
  int64_t bytes = 0, modified = 0;
  *out = (plan_table){0};
  TRY(file_stat(path, &bytes, &modified));
  out->bytes = (double)bytes;
  if (bytes <= most || is_packed(path)) return count(path, options, plan_table_ranges(out->bytes, most), out);
  arena a = {0};
  char *block = NULL;
  status result = ARENA(&a, BLOCK_BYTES, &block);
  if (result == STATUS_OK) result = sample(path, block, out);
  arena_free(&a);
  return result;
}
