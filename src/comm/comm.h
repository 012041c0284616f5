/* The ranks of the job, and how they agree, sum and exchange. The only floor with MPI in it.
 *
 * Every function here is collective unless it says "Local.": all ranks call it with the same count. MPI errors do not
 * come back: they end the job with one line (comm_abort). Counts are 64-bit. */
#ifndef COMM_COMM_H
#define COMM_COMM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct comm_mpi comm_mpi;

typedef struct comm {
  int rank, size;
  comm_mpi *mpi;
} comm;

/* Starts MPI and pins BLAS to one thread per rank, whatever the environment says. */
status comm_open(int *argc, char ***argv, comm **out);

/* Local, also before comm_open. The name and version of the MPI library: "Open MPI v4.1.4". */
enum { COMM_LIBRARY = 128 };
void comm_library(char out[COMM_LIBRARY]);

/* Local. The kind of CPU that BLAS has chosen its kernels for, such as "SkylakeX". Bits are the same on nodes of one
 * kind. */
const char *comm_processor(void);

/* Ends MPI. */
void comm_close(comm *c);

/* All ranks learn whether one has failed. If so, all return the status of the lowest failing rank and hold its
 * sentence. */
status comm_agree(const comm *c, status mine);

/* The step before anything collective: all ranks leave together if one of them must. */
#define TRY_ALL(c, call)                               \
  do {                                                 \
    const status try_status = comm_agree((c), (call)); \
    if (try_status != STATUS_OK) return try_status;    \
  } while (0)

/* The same, for functions that hold something to give back: all ranks jump to the label `done`. */
#define TRY_ALL_DONE(c, result, call)     \
  do {                                    \
    (result) = comm_agree((c), (call));   \
    if ((result) != STATUS_OK) goto done; \
  } while (0)

/* Local. Ends the whole job with one line and the status as exit code; for places where nobody listens. */
void comm_abort(const comm *c, status s, const char *sentence) __attribute__((noreturn));

/* In place, element-wise over ranks. Integers are exact, so no order is needed. */
void comm_sum_i64(const comm *c, int64_t *values, int64_t count);
void comm_max_i64(const comm *c, int64_t *values, int64_t count);
void comm_min_i64(const comm *c, int64_t *values, int64_t count);
void comm_max_f64(const comm *c, double *values, int64_t count);

void comm_broadcast(const comm *c, void *bytes, int64_t count, int root);

/* Concatenates what each rank brings, in rank order, on every rank.
 *   mine     [count] bytes
 *   *all     the concatenation, from the arena; *offset [size + 1]
 * Fails: STATUS_BUG when memory is out; on all ranks alike. */
status comm_gather_all(const comm *c, const void *mine, int64_t count, arena *a, void **all, int64_t **offset);

/* Sends block r of `send` to rank r and receives one block from each, in rank order.
 *   send_offset [size + 1], bytes
 *   *received   from the arena; *received_offset [size + 1]
 * Fails: STATUS_BUG when memory is out; on all ranks alike. */
status comm_exchange(const comm *c, const void *send, const int64_t *send_offset, arena *a, void **received,
                     int64_t **received_offset);

void comm_barrier(const comm *c);

/* The bits that any rank brings. */
int comm_any(const comm *c, int mine);

/* Bytes this rank has sent through the functions above and tree_sum so far. Local. */
int64_t comm_bytes_sent(const comm *c);

/* Seconds this rank has spent so far at barriers and agreements, where nothing is moved and only others are waited for;
 * and in all other calls, which move bytes (and wait for whom they come from). Local. */
double comm_seconds_waited(const comm *c);
double comm_seconds_moved(const comm *c);

/* CPU seconds that these calls took, mostly of polling, and how many they were. Local. */
double comm_seconds_cpu(const comm *c);
int64_t comm_calls(const comm *c);

#endif
