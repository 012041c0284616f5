#include "comm/comm.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "comm/mpi_handle.h"

static void mpi_failed(MPI_Comm *world, int *code, ...) {
  char text[MPI_MAX_ERROR_STRING];
  int length = 0, rank = 0;
  MPI_Error_string(*code, text, &length);
  MPI_Comm_rank(*world, &rank);
  fprintf(stderr, "nightmail: internal: rank %d: MPI failed: %.*s\n", rank, length, text);
  MPI_Abort(MPI_COMM_WORLD, STATUS_BUG);
}

status comm_open(int *argc, char ***argv, comm **out) {
  *out = NULL;
  comm *c = calloc(1, sizeof *c);
  comm_mpi *handle = calloc(1, sizeof *handle);
  if (c == NULL || handle == NULL) {
    free(c);
    free(handle);
    return status_fail(STATUS_BUG, "out of memory before MPI started");
  }
  int provided = 0;
  MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_dup(MPI_COMM_WORLD, &handle->world);
  MPI_Errhandler handler;
  MPI_Comm_create_errhandler(mpi_failed, &handler);
  MPI_Comm_set_errhandler(handle->world, handler);
  MPI_Errhandler_free(&handler);
  MPI_Comm_rank(handle->world, &c->rank);
  MPI_Comm_size(handle->world, &c->size);
  c->mpi = handle;
  openblas_set_num_threads(1);
  *out = c;
  return STATUS_OK;
}

void comm_close(comm *c) {
  MPI_Comm_free(&c->mpi->world);
  MPI_Finalize();
  free(c->mpi);
  free(c);
}

status comm_agree(const comm *c, status mine) {
  int failed = mine == STATUS_OK ? c->size : c->rank, first = c->size;
  MPI_TIMED(c, waited, "an agreement", MPI_Allreduce(&failed, &first, 1, MPI_INT, MPI_MIN, c->mpi->world));
  if (first == c->size) return STATUS_OK;

  struct {
    int code;
    char text[STATUS_TEXT_SIZE];
  } shared = {(int)mine, ""};
  if (c->rank == first) snprintf(shared.text, sizeof shared.text, "%s", status_text());
  MPI_Bcast(&shared, (int)sizeof shared, MPI_BYTE, first, c->mpi->world);
  status_set_text(shared.text);
  return (status)shared.code;
}

void comm_abort(const comm *c, status s, const char *text) {
  fprintf(stderr, "nightmail: %s: rank %d: %s\n", status_kind(s), c->rank, text);
  fflush(stderr);
  MPI_Abort(MPI_COMM_WORLD, (int)s);
  _exit((int)s);
}

static void reduce(const comm *c, void *values, int64_t count, size_t width, MPI_Datatype type, MPI_Op op) {
  char *at = values;
  for (int64_t done = 0; done < count; done += MPI_PIECE / 8) {
    const int64_t piece = count - done < MPI_PIECE / 8 ? count - done : MPI_PIECE / 8;
    MPI_TIMED(c, moved, "a sum",
              MPI_Allreduce(MPI_IN_PLACE, at + (size_t)done * width, (int)piece, type, op, c->mpi->world));
  }
  c->mpi->sent += count * (int64_t)width;
}

void comm_sum_i64(const comm *c, int64_t *v, int64_t n) { reduce(c, v, n, sizeof *v, MPI_INT64_T, MPI_SUM); }
void comm_max_i64(const comm *c, int64_t *v, int64_t n) { reduce(c, v, n, sizeof *v, MPI_INT64_T, MPI_MAX); }
void comm_min_i64(const comm *c, int64_t *v, int64_t n) { reduce(c, v, n, sizeof *v, MPI_INT64_T, MPI_MIN); }
void comm_max_f64(const comm *c, double *v, int64_t n) { reduce(c, v, n, sizeof *v, MPI_DOUBLE, MPI_MAX); }

void comm_broadcast(const comm *c, void *bytes, int64_t count, int root) {
  for (int64_t done = 0; done < count; done += MPI_PIECE) {
    const int64_t piece = count - done < MPI_PIECE ? count - done : MPI_PIECE;
    MPI_TIMED(c, moved, "a broadcast", MPI_Bcast((char *)bytes + done, (int)piece, MPI_BYTE, root, c->mpi->world));
  }
  if (c->rank == root) c->mpi->sent += count;
}

status comm_gather_all(const comm *c, const void *mine, int64_t count, arena *a, void **all, int64_t **offset) {
  *all = NULL;
  int64_t *starts = NULL;
  TRY_ALL(c, ARENA(a, c->size + 1, &starts));
  MPI_TIMED(c, moved, "a gathering", MPI_Allgather(&count, 1, MPI_INT64_T, starts + 1, 1, MPI_INT64_T, c->mpi->world));
  for (int r = 0; r < c->size; r++) starts[r + 1] += starts[r];
  TRY_ALL(c, arena_take(a, starts[c->size], 1, all));
  if (count > 0) memcpy((char *)*all + starts[c->rank], mine, (size_t)count);
  for (int r = 0; r < c->size; r++) comm_broadcast(c, (char *)*all + starts[r], starts[r + 1] - starts[r], r);
  *offset = starts;
  return STATUS_OK;
}

/* Pairwise exchange, one partner at a time: no int counts to overflow, and no more than one message in flight each way.
 * In step s a rank sends to rank + s and receives from rank - s. */
static void exchange_pairwise(const comm *c, const char *send, const int64_t *send_offset, char *receive,
                              const int64_t *receive_offset) {
  for (int step = 0; step < c->size; step++) {
    const int to = (c->rank + step) % c->size, from = (c->rank - step + c->size) % c->size;
    const char *out = send + send_offset[to];
    char *in = receive + receive_offset[from];
    int64_t out_left = send_offset[to + 1] - send_offset[to], in_left = receive_offset[from + 1] - receive_offset[from];
    if (step == 0) {
      if (out_left > 0) memcpy(in, out, (size_t)out_left);
      continue;
    }
    c->mpi->sent += out_left;
    while (out_left > 0 || in_left > 0) {
      const int out_piece = (int)(out_left < MPI_PIECE ? out_left : MPI_PIECE);
      const int in_piece = (int)(in_left < MPI_PIECE ? in_left : MPI_PIECE);
      MPI_TIMED(c, moved, "an exchange",
                MPI_Sendrecv(out, out_piece, MPI_BYTE, out_piece > 0 ? to : MPI_PROC_NULL, 0, in, in_piece, MPI_BYTE,
                             in_piece > 0 ? from : MPI_PROC_NULL, 0, c->mpi->world, MPI_STATUS_IGNORE));
      out += out_piece;
      in += in_piece;
      out_left -= out_piece;
      in_left -= in_piece;
    }
  }
}

status comm_exchange(const comm *c, const void *send, const int64_t *send_offset, arena *a, void **received,
                     int64_t **received_offset) {
  *received = NULL;
  int64_t *counts = NULL, *starts = NULL;
  status taken = ARENA(a, c->size, &counts);
  if (taken == STATUS_OK) taken = ARENA(a, c->size + 1, &starts);
  TRY_ALL(c, taken);
  for (int r = 0; r < c->size; r++) counts[r] = send_offset[r + 1] - send_offset[r];
  MPI_TIMED(c, moved, "an exchange", MPI_Alltoall(counts, 1, MPI_INT64_T, starts + 1, 1, MPI_INT64_T, c->mpi->world));
  for (int r = 0; r < c->size; r++) starts[r + 1] += starts[r];
  TRY_ALL(c, arena_take(a, starts[c->size], 1, received));
  exchange_pairwise(c, send, send_offset, *received, starts);
  *received_offset = starts;
  return STATUS_OK;
}

void comm_barrier(const comm *c) { MPI_TIMED(c, waited, "a barrier", MPI_Barrier(c->mpi->world)); }

int comm_any(const comm *c, int mine) {
  int any = 0;
  MPI_TIMED(c, waited, "an agreement", MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_BOR, c->mpi->world));
  return any;
}

int64_t comm_bytes_sent(const comm *c) { return c->mpi->sent; }

double comm_seconds_waited(const comm *c) { return c->mpi->waited; }

double comm_seconds_moved(const comm *c) { return c->mpi->moved; }

double comm_seconds_cpu(const comm *c) { return c->mpi->cpu; }

int64_t comm_calls(const comm *c) { return c->mpi->calls; }
