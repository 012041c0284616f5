#include "comm/comm.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "comm/comm_blocks.h"
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
  handle->counts = calloc(2 * (size_t)c->size, sizeof *handle->counts);
  handle->count = calloc((size_t)c->size, sizeof *handle->count);
  handle->start = calloc((size_t)c->size, sizeof *handle->start);
  if (handle->counts == NULL || handle->count == NULL || handle->start == NULL)
    comm_abort(c, STATUS_BUG, "out of memory as MPI started");
  openblas_set_num_threads(1);
  *out = c;
  return STATUS_OK;
}

void comm_library(char out[COMM_LIBRARY]) {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length = 0;
  MPI_Get_library_version(text, &length);
  snprintf(out, COMM_LIBRARY, "%.*s", (int)strcspn(text, ",\n"), text);
}

const char *comm_processor(void) { return openblas_get_corename(); }

void comm_close(comm *c) {
  MPI_Comm_free(&c->mpi->world);
  MPI_Finalize();
  free(c->mpi->counts);
  free(c->mpi->count);
  free(c->mpi->start);
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

/* Every rank's `mine`, in rank order. Where one of them is `failed`, all leave together. */
static status share_counts(const comm *c, int64_t mine, status failed, int64_t *starts) {
  const int64_t *all = comm_blocks_share(c, failed == STATUS_OK ? mine : -1);
  for (int r = 0; r < c->size; r++)
    if (all[r] < 0) return comm_agree(c, failed);
  for (int r = 0; r < c->size; r++) starts[r + 1] = starts[r] + all[r];
  return STATUS_OK;
}

status comm_gather_all(const comm *c, const void *mine, int64_t count, arena *a, void **all, int64_t **offset) {
  *all = NULL;
  int64_t *starts = NULL;
  const status taken = ARENA(a, c->size + 1, &starts);
  TRY(share_counts(c, count, taken, starts));
  TRY_ALL(c, arena_take(a, starts[c->size], 1, all));
  if (count > 0) memcpy((char *)*all + starts[c->rank], mine, (size_t)count);
  comm_blocks_gather(c, *all, starts);
  *offset = starts;
  return STATUS_OK;
}

status comm_exchange(const comm *c, const void *send, const int64_t *send_offset, arena *a, void **received,
                     int64_t **received_offset) {
  *received = NULL;
  int64_t *starts = NULL, *counts = c->mpi->counts, *arriving = c->mpi->counts + c->size;
  for (int r = 0; r < c->size; r++) counts[r] = send_offset[r + 1] - send_offset[r];
  MPI_TIMED(c, moved, "an exchange", MPI_Alltoall(counts, 1, MPI_INT64_T, arriving, 1, MPI_INT64_T, c->mpi->world));
  status taken = ARENA(a, c->size + 1, &starts);
  for (int r = 0; r < c->size && taken == STATUS_OK; r++) starts[r + 1] = starts[r] + arriving[r];
  if (taken == STATUS_OK) taken = arena_take(a, starts[c->size], 1, received);
  TRY_ALL(c, taken);
  comm_blocks_exchange(c, send, send_offset, *received, starts);
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
