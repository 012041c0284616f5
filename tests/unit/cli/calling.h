/* Calling a command as main does, with what it prints in hand. */
#ifndef UNIT_CLI_CALLING_H
#define UNIT_CLI_CALLING_H

#include <fcntl.h>
#include <unistd.h>

#include "unit/io/sample_run.h"

typedef status (*command)(int argc, char **argv);

static char run[500], output[400];
static arena memory;
static char *printed; /* what the last command wrote to standard output */

static inline void fresh(const char *name) {
  snprintf(run, sizeof run, "%s/%s", suite_folder(), name);
  snprintf(output, sizeof output, "%s/%s.out", suite_folder(), name);
  CU_ASSERT_EQUAL_FATAL(sample_run(run, "demo"), STATUS_OK);
}

/* Runs a command with up to five arguments, standard output into a file. */
static inline status call_only(command c, const char *const *given) {
  char *argv[8] = {0};
  int argc = 0;
  while (given[argc] != NULL) {
    argv[argc] = (char *)given[argc];
    argc++;
  }
  char path[500];
  snprintf(path, sizeof path, "%s/stdout", suite_folder());
  fflush(stdout);
  const int before = dup(STDOUT_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, STDOUT_FILENO);
  const status result = c(argc, argv);
  fflush(stdout);
  dup2(before, STDOUT_FILENO);
  close(file);
  close(before);
  return result;
}

/* … and that file into `printed`. */
static inline status call(command c, const char *const *given) {
  char path[500];
  int64_t count;
  const status result = call_only(c, given);
  snprintf(path, sizeof path, "%s/stdout", suite_folder());
  CU_ASSERT_EQUAL(file_read(path, &memory, &printed, &count), STATUS_OK);
  return result;
}

#define CALL(c, ...) call((c), (const char *const[]){__VA_ARGS__, NULL})
#define HAS(word) CU_ASSERT_PTR_NOT_NULL(strstr(printed, (word)))

#endif
