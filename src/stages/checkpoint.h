/* Going on where a killed job was: the state of a long phase of a stage, kept in two generations.
 *
 * A phase describes its memory once, as tensors; the same description is written from and read back into. What is the
 * same on all ranks (`shared`) rank 0 writes and everybody receives; what belongs to logical partitions (`part`) each
 * rank writes and reads for its own, so that a restart may have any number of ranks. Restored memory is equal in every
 * bit, so the night's bytes are those of an undisturbed run.
 *
 * The files are those of io/checkpoint_file.h. CHECKPOINT.json is written last and names each file with its size and
 * digest, the stage's fingerprint, the generation and the step. Before a generation is written over, the other has been
 * read back and verified (if it is damaged, it is the one that is written over), so one good generation is there at any
 * instant. A generation without CHECKPOINT.json does not exist; one of another fingerprint is forgotten; one that is
 * damaged is passed over with a line in the log and on stderr, in favour of the other; if what is there is damaged and
 * nothing good remains, the stage refuses to start and says what to do. */
#ifndef STAGES_CHECKPOINT_H
#define STAGES_CHECKPOINT_H

#include "io/checkpoint_file.h"
#include "io/tensor_file.h"
#include "stages/stage.h"

enum { CHECKPOINT_LEAST_SECONDS = 5 };

/* The tensors of a phase. A rank that does not hold a shared tensor itself (it stands in a shared-memory window that
 * another rank of its node writes) gives NULL as its data; rank 0 holds them all. */
typedef struct checkpoint_state {
  tensor_file shared;
  int parts;         /* logical partitions of all ranks; 0: the phase has none */
  int first, count;  /* [first, first + count) are this rank's; ranks hold them in order */
  tensor_file *part; /* [count] */
} checkpoint_state;

typedef struct checkpoint {
  const stage *stage;
  const char *phase; /* a literal: a file name without '-' at its end */
  const checkpoint_state *state;
  int64_t generation, step; /* of the last one saved or restored; 0 and -1: none yet */
  checkpoint_piece *piece;  /* [1 + parts] of that generation */
  double opened, saved;     /* clock_now() of the opening; of the last save, restore or opening */
  double cost;              /* seconds that the last save took, on the slowest rank; before the first, a guess */
  double spent;             /* seconds in all saves */
  int saves;
} checkpoint;

/* Collective. Restores the newest good generation into the memory that `state` describes; `state` and the memory must
 * live as long as *out. *step is the step that it was saved with, or -1 where there is none.
 * Fails: STATUS_DATA where generations are there and none is good; STATUS_IO. */
status checkpoint_open(const stage *s, const char *phase, const checkpoint_state *state, checkpoint *out,
                       int64_t *step);

/* Collective, at the end of each step, on all ranks with the same step >= 0. Saves when any rank was asked to stop, and
 * when a hundred times the cost of a save have passed since the last one (so that saving takes a hundredth of the
 * time), but not before CHECKPOINT_LEAST_SECONDS and not after layout.checkpoint_seconds; where that is 0, at every
 * step. Fails: STATUS_AGAIN on all ranks after it saved because it was asked to stop; STATUS_IO. */
status checkpoint_at(checkpoint *c, int64_t step);

/* Collective. The phase is over: saves the state in which it ended where that costs less than a hundredth of the phase,
 * so that a restart passes a long phase by; a short one is cheaper to do again. Logs what saving took.
 * Fails: as checkpoint_at. */
status checkpoint_end(checkpoint *c, int64_t step);

/* Collective. Removes every checkpoint of the stage: it has committed. */
status checkpoint_clear(const stage *s);

/* Local. STATUS_AGAIN, and the sentence that names the signal; `what` says what is saved. */
status checkpoint_stopped(const char *what);

#endif
