/* The same tests on every rank; failures are summed, so that all ranks end alike. Never a _FATAL assertion on something
 * that differs by rank: it leaves the test while the other ranks wait. */
#ifndef SUPPORT_MPI_SUITE_H
#define SUPPORT_MPI_SUITE_H

#include "comm/comm.h"
#include "support/suite.h"

/* The ranks, for the tests. */
extern comm *mpi_suite_comm;

int mpi_suite_run(int argc, char **argv, const char *name, const suite_test *tests, int count);
#define MPI_SUITE_RUN(argc, argv, name, tests) \
  mpi_suite_run((argc), (argv), (name), (tests), (int)(sizeof(tests) / sizeof *(tests)))

/* One folder for all ranks, made by rank 0. */
const char *mpi_suite_folder(void);

#endif
