/* A language model of running text: learnt in streams with carried states, judged by perplexity beside an n-gram model
 * with Kneser-Ney smoothing. */
#ifndef STAGES_EVALUATE_RUNNING_H
#define STAGES_EVALUATE_RUNNING_H

#include "io/json_writer.h"
#include "stages/evaluate_corpus.h"

/* Collective. Adds the line of metrics: perplexity (of the test part, </s> of each line among its tokens), bits per
 * character (of the lines with a line break each, or a space between words), the same of the n-gram model, and sizes.
 * Fails: STATUS_DATA where a part is too short for text.batch streams; as evaluate_train_run. */
status evaluate_running(stage *s, const evaluate_corpus *c, json_writer *lines);

#endif
