/* The files of a checkpoint: one generation of a stage's phase, in a folder.
 *
 *   RUN/work/STAGE/PHASE-{0,1}/shared.nmt                   what is the same on all ranks
 *                              part-00017-of-00064.nmt      what belongs to a logical partition
 *                              CHECKPOINT.json              last: names each of them with its size and BLAKE2b-256
 *
 * Generation g stands in PHASE-(g mod 2). A folder without CHECKPOINT.json holds no generation. */
#ifndef IO_CHECKPOINT_FILE_H
#define IO_CHECKPOINT_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "io/digest.h"

enum { CHECKPOINT_SLOTS = 2 };

typedef struct checkpoint_piece {
  int64_t bytes;
  char digest[DIGEST_TEXT];
} checkpoint_piece;

/* CHECKPOINT.json */
typedef struct checkpoint_head {
  const char *phase;
  const char *fingerprint; /* of the stage */
  int64_t generation;      /* from 1 on */
  int64_t step;            /* of the phase */
  int64_t time;            /* Unix seconds, when it was written; no part of any result */
  int parts;               /* logical partitions */
  checkpoint_piece *piece; /* [1 + parts]: shared.nmt, then the parts */
  int64_t bytes;           /* of all pieces */
  int slot;                /* of the folder it stands in */
  int is_sound;            /* 0: CHECKPOINT.json is there but cannot be read; all but phase and slot are 0 */
} checkpoint_head;

/* RUN/work/STAGE/PHASE-SLOT. Local, as all here. */
status checkpoint_folder(arena *a, const char *run, const char *stage, const char *phase, int slot, char **out);

/* A piece in that folder: shared.nmt for index 0, else part index - 1 of `parts`. */
status checkpoint_piece_path(arena *a, const char *folder, int index, int parts, char **out);

/* What stands on disk under that path: its size and digest. Fails: STATUS_MISSING, STATUS_IO. */
status checkpoint_piece_read(const char *path, checkpoint_piece *out);

/* Fails: STATUS_DATA where the file is not the one that was named; STATUS_MISSING, STATUS_IO. */
status checkpoint_piece_check(const char *path, const checkpoint_piece *named);

/* Commits CHECKPOINT.json; the pieces must be there. Fails: STATUS_IO, STATUS_PERMISSION. */
status checkpoint_head_write(const char *folder, const checkpoint_head *head);

/* *found is 0 where there is no CHECKPOINT.json. Where it says another phase or stands in the wrong folder, it is
 * damaged. Fails: STATUS_DATA, STATUS_IO. */
status checkpoint_head_read(const char *run, const char *stage, const char *phase, int slot, arena *a,
                            checkpoint_head *out, int *found);

/* From now on the folder holds no generation. */
status checkpoint_head_remove(const char *folder);

/* The heads of all generations of a stage, for whoever wants to know how far it is: newest last by time. Pieces are not
 * read. A folder that is not there, or cannot be listed, has none; what cannot be read is listed with is_sound 0.
 * Fails: STATUS_BUG (memory) only. */
status checkpoint_list(const char *run, const char *stage, arena *a, checkpoint_head **heads, int *count);

/* Removes one folder with its generation, CHECKPOINT.json first. Fails: STATUS_IO, STATUS_PERMISSION. */
status checkpoint_remove(const char *run, const char *stage, const char *phase, int slot);

/* Removes every generation of a stage. Fails: STATUS_IO, STATUS_PERMISSION. */
status checkpoint_remove_all(const char *run, const char *stage);

#endif
