/* io/settings_file and base/settings: job files, partition files and --set.
 * Input: which of them; its text. A line is one assignment of --set. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "io/settings_file.h"

static status set_lines(settings *s, const uint8_t *bytes, size_t count) {
  char *text = malloc(count + 1);
  FUZZ_HOLDS(text != NULL);
  memcpy(text, bytes, count);
  text[count] = '\0';
  status result = STATUS_OK;
  for (char *line = text; line != NULL && result == STATUS_OK;) {
    char *end = strchr(line, '\n');
    if (end != NULL) *end++ = '\0';
    result = settings_override(s, line);
    line = end;
  }
  free(text);
  return result;
}

/* Everything that was accepted can be printed and looked up. */
static void print(const settings *s, arena *a) {
  char *text = NULL;
  FUZZ_HOLDS(settings_print(s, NULL, a, &text) == STATUS_OK && text != NULL);
  FUZZ_HOLDS(text[0] != '\0' && text[strlen(text) - 1] == '\n');
  FUZZ_HOLDS(settings_int(s, "als.width") >= 1 && settings_text(s, "job") != NULL);
  const int kinds = settings_count(s, "events.kinds");
  for (int i = 0; i < kinds; i++) FUZZ_HOLDS(settings_text_at(s, "events.kinds[].name", i) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  if (count < 1) return 0;
  arena a = {0};
  settings *s = NULL;
  FUZZ_HOLDS(settings_create(&a, &s) == STATUS_OK);
  const int which = bytes[0] % 3;
  const char *path = fuzz_file("job.yaml", bytes + 1, count - 1);
  const status result = which == 0   ? settings_file_read(path, s)
                        : which == 1 ? settings_file_read_partition(path, s)
                                     : set_lines(s, bytes + 1, count - 1);
  if (result != STATUS_OK) fuzz_failed(result);
  const status checked = settings_check(s);
  if (checked != STATUS_OK) fuzz_failed(checked);
  print(s, &a);
  arena_free(&a);
  return 0;
}
