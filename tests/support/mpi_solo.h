/* A rank that is alone: for comparing what many ranks make with what one makes, in one test. */
#ifndef SUPPORT_MPI_SOLO_H
#define SUPPORT_MPI_SOLO_H

#include "comm/mpi_handle.h"

/* Local. Lives as long as the program. */
static inline const comm *mpi_solo(void) {
  static comm_mpi handle;
  static comm solo = {.rank = 0, .size = 1, .mpi = &handle};
  static int64_t counts[2];
  static int count, start;
  handle.world = MPI_COMM_SELF;
  handle.counts = counts;
  handle.count = &count;
  handle.start = &start;
  return &solo;
}

#endif
