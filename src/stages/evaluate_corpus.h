/* The parts of a corpus that texts are judged on, as they are read. */
#ifndef STAGES_EVALUATE_CORPUS_H
#define STAGES_EVALUATE_CORPUS_H

#include "io/corpus_file.h"
#include "stages/stage.h"

typedef enum corpus_part { CORPUS_TRAIN, CORPUS_VALIDATION, CORPUS_TEST, CORPUS_PARTS } corpus_part;

typedef struct evaluate_corpus {
  corpus_format format;
  corpus_file part[CORPUS_PARTS];
} evaluate_corpus;

/* Local. The file of a part, the same for all parts where it is one that is cut.
 * Fails: STATUS_SETTINGS where inputs.corpus.files names another number of files. */
status evaluate_corpus_path(const settings *s, corpus_part part, arena *a, char **out);

/* Local. Reads inputs.corpus: of a folder the files of its parts, else a file that is cut by a hash of each text, a
 * tenth to the test and a twentieth to the validation; rows that are the same come into the same part.
 * Fails: as corpus_file_read; STATUS_DATA where a part is empty. */
status evaluate_corpus_read(const stage *s, evaluate_corpus *out);

#endif
