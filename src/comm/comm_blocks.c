#include "comm/comm_blocks.h"

#include <string.h>

#include "comm/mpi_handle.h"

int64_t comm_blocks_most = 1 << 30;

/* Partners at a time: their latencies overlap, and no rank is flooded. */
enum { IN_FLIGHT = 8 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

const int64_t *comm_blocks_share(const comm *c, int64_t mine) {
  MPI_TIMED(c, moved, "a gathering",
            MPI_Allgather(&mine, 1, MPI_INT64_T, c->mpi->counts, 1, MPI_INT64_T, c->mpi->world));
  return c->mpi->counts;
}

/* One call, whose messages MPI arranges in about log(size) steps where they are short; where all together are too long
 * for int counts, time goes by the bytes, and one broadcast a rank is as good. */
void comm_blocks_gather(const comm *c, char *all, const int64_t *start) {
  if (start[c->size] > comm_blocks_most) {
    for (int r = 0; r < c->size; r++) comm_broadcast(c, all + start[r], start[r + 1] - start[r], r);
    return;
  }
  for (int r = 0; r < c->size; r++) {
    c->mpi->count[r] = (int)(start[r + 1] - start[r]);
    c->mpi->start[r] = (int)start[r];
  }
  MPI_TIMED(
      c, moved, "a gathering",
      MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, c->mpi->count, c->mpi->start, MPI_BYTE, c->mpi->world));
  c->mpi->sent += start[c->rank + 1] - start[c->rank];
}

/* The next piece of what is left of a block: its length, and *at its beginning. */
static int piece(const int64_t *start, int rank, int64_t done, int64_t *at) {
  *at = start[rank] + done;
  const int64_t left = start[rank + 1] - *at;
  return left <= 0 ? 0 : (int)least(left, comm_blocks_most);
}

/* The partners `step` to `last` away, one piece of each block in a turn. */
static void exchange_some(const comm *c, int step, int last, const char *send, const int64_t *send_start, char *receive,
                          const int64_t *receive_start) {
  MPI_Request requests[2 * IN_FLIGHT];
  for (int64_t done = 0;; done += comm_blocks_most) {
    int count = 0;
    for (int s = step; s < last; s++) {
      const int to = (c->rank + s) % c->size, from = (c->rank - s + c->size) % c->size;
      int64_t at = 0;
      const int in = piece(receive_start, from, done, &at);
      if (in > 0) MPI_Irecv(receive + at, in, MPI_BYTE, from, 0, c->mpi->world, &requests[count++]);
      const int out = piece(send_start, to, done, &at);
      if (out > 0) MPI_Isend(send + at, out, MPI_BYTE, to, 0, c->mpi->world, &requests[count++]);
      c->mpi->sent += out;
    }
    if (count == 0) return;
    MPI_TIMED(c, moved, "an exchange", MPI_Waitall(count, requests, MPI_STATUSES_IGNORE));
  }
}

void comm_blocks_exchange(const comm *c, const char *send, const int64_t *send_start, char *receive,
                          const int64_t *receive_start) {
  const int64_t own = send_start[c->rank + 1] - send_start[c->rank];
  if (own > 0) memcpy(receive + receive_start[c->rank], send + send_start[c->rank], (size_t)own);
  for (int step = 1; step < c->size; step += IN_FLIGHT)
    exchange_some(c, step, step + IN_FLIGHT < c->size ? step + IN_FLIGHT : c->size, send, send_start, receive,
                  receive_start);
}
