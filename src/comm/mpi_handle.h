/* What comm.h hides. For the files of this floor only. */
#ifndef COMM_MPI_HANDLE_H
#define COMM_MPI_HANDLE_H

#include <mpi.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/watchdog.h"
#include "comm/comm.h"

struct comm_mpi {
  MPI_Comm world; /* a duplicate, so that nobody else's messages can meet ours */
  int64_t sent, calls;
  double waited, moved; /* seconds at barriers and agreements; in all other calls */
  double cpu;           /* CPU seconds in both */
  int64_t *counts;      /* [2 × size]: lengths on their way, room that cannot fail */
  int *count, *start;   /* [size] */
};

/* Around every call that other ranks take part in: MPI_TIMED(c, moved, "a sum", MPI_Allreduce(…)). */
#define MPI_TIMED(c, member, what, call)         \
  do {                                           \
    const double mpi_began = clock_now();        \
    const double mpi_cpu = clock_cpu();          \
    watchdog_wait(what);                         \
    call;                                        \
    watchdog_go_on();                            \
    (c)->mpi->member += clock_now() - mpi_began; \
    (c)->mpi->cpu += clock_cpu() - mpi_cpu;      \
    (c)->mpi->calls++;                           \
  } while (0)

/* MPI counts are int: longer ones go in pieces of this size. */
enum { MPI_PIECE = 1 << 30 };

#endif
