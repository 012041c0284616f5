/* Judges the writer's LSTM by a public corpus of texts: learns its train part, and prints what is measured on its test
 * part.
 *
 * Reads     inputs.corpus
 * Writes    work/evaluate/verdicts.jsonl: a line; the same bytes on any number of ranks
 * Speaks    as the training loop does
 * Restarts  from its checkpoint
 * Fails     as evaluate_corpus_read and the training do */
#ifndef STAGES_EVALUATE_TEXT_H
#define STAGES_EVALUATE_TEXT_H

#include "stages/stage.h"

status evaluate_text_run(stage *s);

#endif
