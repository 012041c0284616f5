#include "stages/checkpoint.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/watchdog.h"
#include "stages/checkpoint_slot.h"

/* A save may take this share of the time since the last. */
static const double share = 0.01;

/* Bytes per second, to guess at the first save by. */
static const double guessed_rate = 200e6;

/* What the two folders of a phase hold. */
typedef struct slot_state {
  enum { SLOT_EMPTY, SLOT_WHOLE, SLOT_DAMAGED } is;
  int64_t generation, step;
} slot_state;

typedef struct search {
  slot_state slot[CHECKPOINT_SLOTS];
  checkpoint_piece *piece; /* [CHECKPOINT_SLOTS, 1 + parts] */
  char *fault;             /* [STATUS_TEXT_SIZE] the first one found, or "" */
  status kind;             /* of that fault */
} search;

static void note_fault(search *f, int place, status kind) {
  f->slot[place].is = SLOT_DAMAGED;
  if (f->fault[0] != '\0') return;
  snprintf(f->fault, STATUS_TEXT_SIZE, "%s", status_text());
  f->kind = kind;
}

/* Local. One of another fingerprint is of another night, or of other settings. */
static status look_at(const checkpoint *c, int place, arena *a, search *f) {
  const stage *s = c->stage;
  const int64_t pieces = 1 + c->state->parts;
  checkpoint_head head;
  int found = 0;
  status result = checkpoint_head_read(s->run, s->name, c->phase, place, a, &head, &found);
  if (result == STATUS_BUG || (result == STATUS_OK && !found)) return result;
  if (result == STATUS_OK && strcmp(head.fingerprint, s->fingerprint) != 0)
    return checkpoint_remove(s->run, s->name, c->phase, place);
  if (result == STATUS_OK && head.parts != c->state->parts)
    result = status_fail(STATUS_DATA, "%s/work/%s/%s-%d: has %d partitions, the job %d", s->run, s->name, c->phase,
                         place, head.parts, c->state->parts);
  if (result != STATUS_OK) {
    note_fault(f, place, result);
    return STATUS_OK;
  }
  f->slot[place] = (slot_state){SLOT_WHOLE, head.generation, head.step};
  memcpy(f->piece + place * pieces, head.piece, (size_t)pieces * sizeof *head.piece);
  return STATUS_OK;
}

static status look(const checkpoint *c, arena *a, search *f) {
  if (c->stage->comm->rank != 0) return STATUS_OK;
  for (int place = 0; place < CHECKPOINT_SLOTS; place++) TRY(look_at(c, place, a, f));
  return STATUS_OK;
}

/* Restores slot `place`, if it is as its head says. */
static status try_slot(checkpoint *c, int place, search *f) {
  const comm *w = c->stage->comm;
  const int64_t pieces = 1 + c->state->parts;
  const checkpoint_piece *piece = f->piece + place * pieces;
  if (f->slot[place].is != SLOT_WHOLE) return STATUS_OK;
  const status loaded = comm_agree(w, checkpoint_slot_load(c, place, piece));
  if (loaded == STATUS_BUG) return loaded;
  if (loaded != STATUS_OK) {
    note_fault(f, place, loaded);
    return STATUS_OK;
  }
  TRY(checkpoint_slot_share(c));
  c->generation = f->slot[place].generation;
  c->step = f->slot[place].step;
  memcpy(c->piece, piece, (size_t)pieces * sizeof *piece);
  return STATUS_OK;
}

/* Rank 0 says that a generation was lost. */
static void tell_damage(const checkpoint *c, const char *fault, const char *so) {
  if (c->stage->comm->rank != 0) return;
  fprintf(stderr, "nightmail: %s: %s; %s\n", status_kind(STATUS_DATA), fault, so);
  log_event(c->stage->log, c->stage->name, "checkpoint_damaged", LOG_TEXT("phase", c->phase),
            LOG_TEXT("sentence", fault));
}

/* Nothing good remains. What a disk does not give now it may give later: then there is nothing to begin anew. */
static status refuse(const checkpoint *c, const search *f) {
  const stage *s = c->stage;
  if (f->kind == STATUS_IO) return status_fail(STATUS_IO, "%s", f->fault);
  return status_fail(STATUS_DATA,
                     "%s/work/%s: no checkpoint of %s is whole (%s); start with --from %s to begin it anew", s->run,
                     s->name, c->phase, f->fault, s->name);
}

static status restore(checkpoint *c, arena *a) {
  const stage *s = c->stage;
  const comm *w = s->comm;
  const int64_t pieces = 1 + c->state->parts;
  search f = {0};
  status taken = ARENA(a, CHECKPOINT_SLOTS * pieces, &f.piece);
  if (taken == STATUS_OK) taken = ARENA(a, STATUS_TEXT_SIZE, &f.fault);
  if (taken == STATUS_OK) taken = look(c, a, &f);
  TRY_ALL(w, taken);
  comm_broadcast(w, f.slot, sizeof f.slot, 0);
  comm_broadcast(w, f.piece, CHECKPOINT_SLOTS * pieces * (int64_t)sizeof *f.piece, 0);
  const int newest = f.slot[1].generation > f.slot[0].generation;
  TRY(try_slot(c, newest, &f));
  if (c->generation == 0) TRY(try_slot(c, 1 - newest, &f));
  TRY_ALL(w, w->rank != 0 || c->generation > 0 || f.fault[0] == '\0' ? STATUS_OK : refuse(c, &f));
  if (f.fault[0] != '\0') tell_damage(c, f.fault, "going on from the other checkpoint");
  return STATUS_OK;
}

status checkpoint_open(const stage *s, const char *phase, const checkpoint_state *state, checkpoint *out,
                       int64_t *step) {
  arena scratch = {0};
  *out = (checkpoint){.stage = s, .phase = phase, .state = state, .step = -1, .opened = clock_now()};
  watchdog_at(phase, -1);
  TRY_ALL(s->comm, ARENA(s->arena, 1 + state->parts, &out->piece));
  const status result = restore(out, &scratch);
  arena_free(&scratch);
  TRY(result);
  int64_t bytes = checkpoint_slot_bytes(out);
  comm_sum_i64(s->comm, &bytes, 1);
  out->cost = (double)bytes / guessed_rate;
  out->saved = clock_now();
  *step = out->step;
  if (out->generation > 0)
    log_event(s->log, s->name, "resumed", LOG_TEXT("phase", phase), LOG_INT("step", out->step),
              LOG_INT("generation", out->generation));
  return STATUS_OK;
}

/* The generation to write next. The one that is kept is read back first; if it is damaged, it is written over. */
static status choose(const checkpoint *c, int64_t *generation) {
  *generation = c->generation + 1;
  if (c->generation == 0) return STATUS_OK;
  const status sound = comm_agree(c->stage->comm, checkpoint_slot_check(c));
  if (sound == STATUS_OK || sound == STATUS_BUG) return sound;
  tell_damage(c, status_text(), "the next checkpoint takes its place");
  ++*generation;
  return STATUS_OK;
}

static status save(checkpoint *c, int64_t step) {
  const stage *s = c->stage;
  const double began = clock_now();
  int64_t generation = 0, bytes = 0;
  TRY(choose(c, &generation));
  TRY(checkpoint_slot_write(c, generation, step));
  double seconds = clock_now() - began;
  comm_max_f64(s->comm, &seconds, 1);
  c->cost = seconds;
  c->spent += seconds;
  c->saves++;
  c->saved = clock_now();
  for (int i = 0; i <= c->state->parts; i++) bytes += c->piece[i].bytes;
  log_event(s->log, s->name, "checkpoint", LOG_TEXT("phase", c->phase), LOG_INT("step", step),
            LOG_INT("generation", generation), LOG_INT("bytes", bytes), LOG_REAL("seconds", seconds));
  return STATUS_OK;
}

/* Whether a save is worth its time after so many seconds. */
static int is_worth(const checkpoint *c, double seconds) {
  const double most = settings_real(c->stage->settings, "layout.checkpoint_seconds");
  double wait = c->cost / share;
  if (wait < CHECKPOINT_LEAST_SECONDS) wait = CHECKPOINT_LEAST_SECONDS;
  return seconds >= (wait < most ? wait : most);
}

/* The clock of rank 0 decides for all. */
static status save_if(checkpoint *c, int64_t step, double seconds) {
  enum { ASKED = 1, DUE = 2 };
  const comm *w = c->stage->comm;
  const int why = comm_any(w, (stop_asked() ? ASKED : 0) | (w->rank == 0 && is_worth(c, seconds) ? DUE : 0));
  if (why != 0 && step != c->step) TRY(save(c, step));
  if (!(why & ASKED)) return STATUS_OK;
  char what[256];
  snprintf(what, sizeof what, "%s is saved at step %lld of %s", c->stage->name, (long long)step, c->phase);
  return checkpoint_stopped(what);
}

status checkpoint_at(checkpoint *c, int64_t step) {
  watchdog_at(c->phase, step);
  return save_if(c, step, clock_now() - c->saved);
}

status checkpoint_end(checkpoint *c, int64_t step) {
  const stage *s = c->stage;
  watchdog_at(c->phase, step);
  const status result = save_if(c, step, clock_now() - c->opened);
  if (c->saves > 0)
    log_event(s->log, s->name, "checkpoints", LOG_TEXT("phase", c->phase), LOG_INT("saved", c->saves),
              LOG_REAL("seconds", c->spent), LOG_REAL("phase_seconds", clock_now() - c->opened));
  return result;
}

status checkpoint_clear(const stage *s) {
  TRY_ALL(s->comm, s->comm->rank == 0 ? checkpoint_remove_all(s->run, s->name) : STATUS_OK);
  return STATUS_OK;
}

status checkpoint_stopped(const char *what) {
  const char *reason = stop_reason();
  return status_fail(STATUS_AGAIN, "asked to stop%s%s: %s; start the same command again to go on",
                     reason[0] != '\0' ? " by " : "", reason, what);
}
