#include "support/suite.h"

#include <CUnit/Basic.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int suite_close(double a, double b, double tolerance) {
  const double scale = fmax(1, fmax(fabs(a), fabs(b)));
  return fabs(a - b) <= tolerance * scale;
}

static char folder[256];

const char *suite_folder(void) {
  if (folder[0] == '\0') {
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/nightmail-test-XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(folder) == NULL) abort();
  }
  return folder;
}

void suite_folder_remove(void) {
  if (folder[0] == '\0') return;
  char command[300];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command) != 0) fprintf(stderr, "%s: cannot remove\n", folder);
  folder[0] = '\0';
}

int suite_failures(const char *name, const suite_test *tests, int count, const char *prefix, int verbose) {
  if (CU_initialize_registry() != CUE_SUCCESS) return 1;
  CU_pSuite suite = CU_add_suite(name, NULL, NULL);
  for (int i = 0; i < count; i++) CU_add_test(suite, tests[i].name, tests[i].run);
  CU_basic_set_mode(verbose ? CU_BRM_VERBOSE : CU_BRM_SILENT);
  CU_basic_run_tests();
  int failures = (int)CU_get_number_of_failures();
  if (CU_get_number_of_tests_run() != (unsigned)count) failures++;
  if (!verbose)
    for (CU_pFailureRecord f = CU_get_failure_list(); f != NULL; f = f->pNext)
      fprintf(stderr, "%s%s:%u: %s\n", prefix, f->strFileName, f->uiLineNumber, f->strCondition);
  CU_cleanup_registry();
  return failures;
}

int suite_run(const char *name, const suite_test *tests, int count) {
  const int failures = suite_failures(name, tests, count, "", 1);
  suite_folder_remove();
  return failures == 0 ? 0 : 1;
}
