#include "stages/checkpoint_slot.h"

#include <string.h>

#include "base/clock.h"
#include "base/watchdog.h"
#include "io/file.h"

enum { SHARE_BYTES = 16 << 20 };

static const char kind[] = "checkpoint";

static int64_t tensor_size(const tensor *t) {
  const int wide = t->type == TENSOR_I64 || t->type == TENSOR_U64 || t->type == TENSOR_F64;
  return t->rows * t->columns * (t->type == TENSOR_U8 ? 1 : wide ? 8 : 4);
}

/* Which pieces a rank owns: rank 0 the shared one, and each its partitions. [*first, return value) */
static int own_pieces(const checkpoint *c, int *first) {
  const checkpoint_state *s = c->state;
  *first = c->stage->comm->rank == 0 ? 0 : 1 + s->first;
  return 1 + s->first + s->count;
}

static const tensor_file *tensors_of(const checkpoint *c, int index) {
  return index == 0 ? &c->state->shared : &c->state->part[index - 1 - c->state->first];
}

static status folder_of(const checkpoint *c, int place, arena *a, char **out) {
  return checkpoint_folder(a, c->stage->run, c->stage->name, c->phase, place, out);
}

int64_t checkpoint_slot_bytes(const checkpoint *c) {
  int64_t bytes = 0;
  int first = 0;
  const int last = own_pieces(c, &first);
  for (int i = first; i < last; i++)
    for (int k = 0; k < tensors_of(c, i)->count; k++) bytes += tensor_size(&tensors_of(c, i)->tensors[k]);
  return bytes;
}

/* The folder holds no generation from here until its head is written. */
static status vacate(const checkpoint *c, const char *folder) {
  if (c->stage->comm->rank != 0) return STATUS_OK;
  TRY(file_make_folder(folder));
  return checkpoint_head_remove(folder);
}

static status write_own(const checkpoint *c, const char *folder, arena *a, checkpoint_piece **mine, int64_t *bytes) {
  int first = 0;
  const int last = own_pieces(c, &first);
  char *path = NULL;
  TRY(ARENA(a, last - first, mine));
  TRY(file_make_folder(folder)); /* a file server may show it late */
  for (int i = first; i < last; i++) {
    TRY(checkpoint_piece_path(a, folder, i, c->state->parts, &path));
    TRY(tensor_file_write(path, kind, tensors_of(c, i)));
    TRY(checkpoint_piece_read(path, &(*mine)[i - first]));
    watchdog_pulse();
  }
  *bytes = (int64_t)(last - first) * (int64_t)sizeof **mine;
  return STATUS_OK;
}

static status write_head(checkpoint *c, const char *folder, int64_t generation, int64_t step) {
  const checkpoint_head head = {.phase = c->phase,
                                .fingerprint = c->stage->fingerprint,
                                .generation = generation,
                                .step = step,
                                .time = clock_unix(),
                                .parts = c->state->parts,
                                .piece = c->piece};
  return checkpoint_head_write(folder, &head);
}

static status write_all(checkpoint *c, int64_t generation, int64_t step, arena *a) {
  const comm *w = c->stage->comm;
  char *folder = NULL;
  checkpoint_piece *mine = NULL, *all = NULL;
  int64_t bytes = 0, *offset = NULL;
  TRY_ALL(w, folder_of(c, (int)(generation % CHECKPOINT_SLOTS), a, &folder));
  TRY_ALL(w, vacate(c, folder));
  TRY_ALL(w, write_own(c, folder, a, &mine, &bytes));
  TRY(comm_gather_all(w, mine, bytes, a, (void **)&all, &offset));
  const int64_t wanted = (1 + c->state->parts) * (int64_t)sizeof *all;
  TRY_ALL(w, offset[w->size] == wanted
                 ? STATUS_OK
                 : status_fail(STATUS_BUG, "%s: the ranks hold other partitions than the %d that there are", folder,
                               c->state->parts));
  memcpy(c->piece, all, (size_t)wanted);
  TRY_ALL(w, w->rank == 0 ? write_head(c, folder, generation, step) : STATUS_OK);
  c->generation = generation;
  c->step = step;
  return STATUS_OK;
}

status checkpoint_slot_write(checkpoint *c, int64_t generation, int64_t step) {
  arena scratch = {0};
  const status result = write_all(c, generation, step, &scratch);
  arena_free(&scratch);
  return result;
}

static status check_head(const checkpoint *c, int place, arena *a) {
  checkpoint_head head;
  int found = 0;
  char *folder = NULL;
  TRY(folder_of(c, place, a, &folder));
  TRY(checkpoint_head_read(c->stage->run, c->stage->name, c->phase, place, a, &head, &found));
  if (found && head.generation == c->generation && head.step == c->step) return STATUS_OK;
  return status_fail(STATUS_DATA, "%s: generation %lld is no longer there", folder, (long long)c->generation);
}

static status check_own(const checkpoint *c, int place, const checkpoint_piece *piece, arena *a) {
  char *folder = NULL, *path = NULL;
  int first = 0;
  const int last = own_pieces(c, &first);
  TRY(folder_of(c, place, a, &folder));
  for (int i = first; i < last; i++) {
    TRY(checkpoint_piece_path(a, folder, i, c->state->parts, &path));
    TRY(checkpoint_piece_check(path, &piece[i]));
    watchdog_pulse();
  }
  return STATUS_OK;
}

status checkpoint_slot_check(const checkpoint *c) {
  arena scratch = {0};
  const int place = (int)(c->generation % CHECKPOINT_SLOTS);
  status result = c->stage->comm->rank == 0 ? check_head(c, place, &scratch) : STATUS_OK;
  if (result == STATUS_OK) result = check_own(c, place, c->piece, &scratch);
  arena_free(&scratch);
  return result;
}

static status take_tensors(const char *path, const tensor_file *into, arena *a) {
  tensor_file f;
  TRY(tensor_file_read(path, kind, a, &f));
  if (f.count != into->count)
    return status_fail(STATUS_DATA, "%s: holds %d tensors where %d were expected", path, f.count, into->count);
  for (int k = 0; k < into->count; k++) {
    const tensor *t = &into->tensors[k];
    void *data = NULL;
    TRY(tensor_file_get(&f, t->name, t->type, t->rows, t->columns, &data, NULL));
    if (tensor_size(t) > 0) memcpy(t->data, data, (size_t)tensor_size(t));
  }
  return STATUS_OK;
}

status checkpoint_slot_load(const checkpoint *c, int place, const checkpoint_piece *piece) {
  arena scratch = {0};
  char *folder = NULL, *path = NULL;
  int first = 0;
  const int last = own_pieces(c, &first);
  status result = check_own(c, place, piece, &scratch);
  for (int i = first; i < last && result == STATUS_OK; i++) {
    arena_free(&scratch); /* a piece at a time */
    result = folder_of(c, place, &scratch, &folder);
    if (result == STATUS_OK) result = checkpoint_piece_path(&scratch, folder, i, c->state->parts, &path);
    if (result == STATUS_OK) result = take_tensors(path, tensors_of(c, i), &scratch);
    watchdog_pulse();
  }
  arena_free(&scratch);
  return result;
}

status checkpoint_slot_share(const checkpoint *c) {
  const comm *w = c->stage->comm;
  arena scratch = {0};
  char *piece = NULL;
  const status result = comm_agree(w, ARENA(&scratch, SHARE_BYTES, &piece));
  for (int k = 0; k < c->state->shared.count && result == STATUS_OK; k++) {
    const tensor *t = &c->state->shared.tensors[k];
    const int64_t bytes = tensor_size(t);
    for (int64_t at = 0; at < bytes; at += SHARE_BYTES)
      comm_broadcast(w, t->data != NULL ? (char *)t->data + at : piece,
                     bytes - at < SHARE_BYTES ? bytes - at : SHARE_BYTES, 0);
  }
  arena_free(&scratch);
  return result;
}
