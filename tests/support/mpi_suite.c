#include "support/mpi_suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

comm *mpi_suite_comm;

static char folder[256];

const char *mpi_suite_folder(void) {
  if (folder[0] == '\0') {
    if (mpi_suite_comm->rank == 0) snprintf(folder, sizeof folder, "%s", suite_folder());
    comm_broadcast(mpi_suite_comm, folder, sizeof folder, 0);
  }
  return folder;
}

int mpi_suite_run(int argc, char **argv, const char *name, const suite_test *tests, int count) {
  if (comm_open(&argc, &argv, &mpi_suite_comm) != STATUS_OK) return 1;
  char prefix[32];
  snprintf(prefix, sizeof prefix, "rank %d: ", mpi_suite_comm->rank);
  int64_t failures = suite_failures(name, tests, count, prefix, mpi_suite_comm->rank == 0);
  comm_sum_i64(mpi_suite_comm, &failures, 1);
  if (mpi_suite_comm->rank == 0) suite_folder_remove();
  comm_close(mpi_suite_comm);
  return failures == 0 ? 0 : 1;
}
