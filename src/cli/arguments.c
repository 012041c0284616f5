#include "cli/arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const arguments_option *find(const arguments_option *options, int count, const char *name) {
  for (int i = 0; i < count; i++)
    if (strcmp(options[i].name, name) == 0) return &options[i];
  return NULL;
}

static int wants_help(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], "--help") == 0) return 1;
  return 0;
}

/* The argument after an option is its value whatever it looks like: a user's id may begin with a dash. */
status arguments_read(int argc, char **argv, const arguments_option *options, int count, const char **run, int *help) {
  *run = NULL;
  *help = wants_help(argc, argv);
  if (*help) return STATUS_OK;
  for (int i = 1; i < argc; i++) {
    const arguments_option *option = find(options, count, argv[i]);
    if (option != NULL && option->value == NULL) {
      *option->given = 1;
    } else if (option != NULL) {
      if (i + 1 == argc) return status_fail(STATUS_USAGE, "%s: %s needs a value", argv[0], argv[i]);
      if (*option->value != NULL) return status_fail(STATUS_USAGE, "%s: %s is given twice", argv[0], argv[i]);
      *option->value = argv[++i];
    } else if (argv[i][0] == '-') {
      return status_fail(STATUS_USAGE, "%s: there is no option %s; see: nightmail %s --help", argv[0], argv[i],
                         argv[0]);
    } else if (*run != NULL) {
      return status_fail(STATUS_USAGE, "%s: one run folder at a time; see: nightmail %s --help", argv[0], argv[0]);
    } else {
      *run = argv[i];
    }
  }
  if (*run == NULL)
    return status_fail(STATUS_USAGE, "%s: which run? Give its folder, such as runs/demo/NIGHT", argv[0]);
  return STATUS_OK;
}

status arguments_number(const char *command, const char *option, const char *text, int64_t least, int64_t most,
                        int64_t *out) {
  char *end;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  if (end == text || *end != '\0' || errno != 0 || value < least || value > most)
    return status_fail(STATUS_USAGE, "%s: %s wants a whole number from %lld to %lld", command, option, (long long)least,
                       (long long)most);
  *out = value;
  return STATUS_OK;
}

status arguments_flush(void) {
  if (fflush(stdout) != 0 || ferror(stdout))
    return status_fail(STATUS_IO, "cannot write all of it to standard output: is the disk full?");
  return STATUS_OK;
}
