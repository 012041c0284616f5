/* A model that says what it is given: learnt from texts with their meanings, judged by the texts that it writes for the
 * meanings of the test part. */
#ifndef STAGES_EVALUATE_SPEAKER_H
#define STAGES_EVALUATE_SPEAKER_H

#include "io/json_writer.h"
#include "stages/evaluate_corpus.h"

/* Collective. Adds the line of metrics (stages/evaluate_spoken.h). Fails: as evaluate_pairs_read, evaluate_train_run.
 */
status evaluate_speaker(stage *s, const evaluate_corpus *c, json_writer *lines);

#endif
