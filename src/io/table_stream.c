#include "io/table_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/watchdog.h"
#include "io/file.h"

/* A .zst is fed in pieces of this many bytes, and what comes out while piece k goes in belongs to piece k. All readers
 * make the very same calls from the first byte on, so they agree on where each piece's text ends without a word. */
enum { PIECE_BYTES = 16384 };

struct table_unpacker {
  ZSTD_DStream *zstd;
  int64_t first_piece, last_piece, pieces_fed; /* pieces of the range: [first, last) */
  int64_t produced;                            /* bytes that came out so far */
  ZSTD_inBuffer in;
  int flushed;    /* all that the input so far stands for has come out */
  int frame_open; /* the file may not end here */
  int ended;
  size_t out_used, out_bytes, out_capacity;
  char *out;
  char piece[PIECE_BYTES];
};

static int64_t share(int64_t total, int index, int count) {
  return total / count * index + total % count * index / count;
}

static status open_packed(table_stream *s, int64_t size, int index, int count, arena *memory) {
  table_unpacker *u = NULL;
  TRY(ARENA(memory, 1, &u));
  u->out_capacity = ZSTD_DStreamOutSize();
  TRY(ARENA(memory, (int64_t)u->out_capacity, &u->out));
  const int64_t pieces = (size + PIECE_BYTES - 1) / PIECE_BYTES;
  u->first_piece = share(pieces, index, count);
  u->last_piece = share(pieces, index + 1, count);
  u->in.src = u->piece;
  u->flushed = 1;
  u->zstd = ZSTD_createDStream();
  if (u->zstd == NULL) return status_fail(STATUS_BUG, "%s: out of memory for decompressing", s->path);
  s->start = s->limit = INT64_MAX;
  s->packed = u;
  return STATUS_OK;
}

static status open_range(table_stream *s, int index, int count, arena *memory) {
  struct stat facts;
  if (fstat(s->fd, &facts) != 0) return file_fault(s->path, "read", errno);
  if (!S_ISREG(facts.st_mode)) return status_fail(STATUS_IO, "%s: cannot read: not a regular file", s->path);
  const int64_t size = (int64_t)facts.st_size;
  if (size == 0) return status_fail(STATUS_DATA, "%s: is empty", s->path);
  const size_t length = strlen(s->path);
  if (length > 4 && strcmp(s->path + length - 4, ".zst") == 0) return open_packed(s, size, index, count, memory);
  s->start = share(size, index, count);
  s->limit = index + 1 == count ? INT64_MAX : share(size, index + 1, count);
  return STATUS_OK;
}

status table_stream_open(const char *path, int index, int count, arena *memory, table_stream *out) {
  *out = (table_stream){.fd = open(path, O_RDONLY | O_CLOEXEC), .path = path};
  if (out->fd < 0) return file_fault(path, "read", errno);
  const status opened = open_range(out, index, count, memory);
  if (opened != STATUS_OK) table_stream_close(out);
  return opened;
}

void table_stream_close(table_stream *s) {
  if (s->fd >= 0) close(s->fd);
  s->fd = -1;
  if (s->packed != NULL) ZSTD_freeDStream(s->packed->zstd);
  s->packed = NULL;
}

/* Reads until `capacity` bytes are there or the file ends. */
static status read_full(const table_stream *s, char *out, size_t capacity, size_t *got) {
  *got = 0;
  while (*got < capacity) {
    const ssize_t n = read(s->fd, out + *got, capacity - *got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_fault(s->path, "read", errno);
    if (n == 0) break;
    *got += (size_t)n;
    watchdog_pulse();
  }
  return STATUS_OK;
}

/* Between two pieces: notes the ends of the range, and takes in the next piece. */
static status next_piece(table_stream *s) {
  table_unpacker *u = s->packed;
  if (u->pieces_fed == u->first_piece) s->start = u->produced;
  if (u->pieces_fed == u->last_piece) s->limit = u->produced;
  TRY(read_full(s, u->piece, PIECE_BYTES, &u->in.size));
  u->in.pos = 0;
  u->pieces_fed++;
  if (u->in.size > 0) return STATUS_OK;
  u->ended = 1;
  if (u->frame_open) return status_fail(STATUS_DATA, "%s: the .zst is cut off; copy it again", s->path);
  return STATUS_OK;
}

/* Fills the output buffer, which is empty. */
static status unpack(table_stream *s) {
  table_unpacker *u = s->packed;
  u->out_used = u->out_bytes = 0;
  while (u->out_bytes == 0 && !u->ended) {
    if (u->flushed && u->in.pos == u->in.size) {
      TRY(next_piece(s));
      continue;
    }
    ZSTD_outBuffer out = {.dst = u->out, .size = u->out_capacity, .pos = 0};
    const size_t before = u->in.pos;
    const size_t left = ZSTD_decompressStream(u->zstd, &out, &u->in);
    if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
      return status_fail(STATUS_BUG, "%s: out of memory for decompressing", s->path);
    if (ZSTD_isError(left))
      return status_fail(STATUS_DATA, "%s: the .zst is damaged (%s); copy it again", s->path, ZSTD_getErrorName(left));
    if (left == 0)
      u->frame_open = 0;
    else if (u->in.pos != before || out.pos > 0)
      u->frame_open = 1;
    u->flushed = left == 0 || out.pos < out.size;
    u->out_bytes = out.pos;
    u->produced += (int64_t)out.pos;
  }
  return STATUS_OK;
}

status table_stream_read(table_stream *s, char *out, size_t capacity, size_t *got) {
  table_unpacker *u = s->packed;
  if (u == NULL) return read_full(s, out, capacity, got);
  *got = 0;
  while (*got < capacity) {
    if (u->out_used == u->out_bytes) {
      /* What was read is handed over before the next call moves the ends of the range past it. */
      TRY(unpack(s));
      if (u->out_bytes == 0) break;
    }
    size_t count = u->out_bytes - u->out_used;
    if (count > capacity - *got) count = capacity - *got;
    memcpy(out + *got, u->out + u->out_used, count);
    u->out_used += count;
    *got += count;
  }
  return STATUS_OK;
}
