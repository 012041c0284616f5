/* What comm.h hides. For the files of this floor only. */
#ifndef COMM_MPI_HANDLE_H
#define COMM_MPI_HANDLE_H

#include <mpi.h>
#include <stdint.h>

#include "comm/comm.h"

struct comm_mpi {
  MPI_Comm world; /* a duplicate, so that nobody else's messages can meet ours */
  int64_t sent;
};

/* MPI counts are int: longer ones go in pieces of this size. */
enum { MPI_PIECE = 1 << 30 };

#endif
