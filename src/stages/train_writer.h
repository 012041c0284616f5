/* Learning the writer from the lines themselves, by maximum likelihood. */
#ifndef STAGES_TRAIN_WRITER_H
#define STAGES_TRAIN_WRITER_H

#include "stages/train_data.h"

typedef struct train_writer {
  generator_shape shape;
  float *block;              /* the best weights */
  double perplexity;         /* theirs, on the validation lines */
  double trigram_perplexity; /* of the Kneser-Ney trigram on the same tokens */
  uint64_t hash;             /* of the weights, equal on all ranks */
  int epochs;
} train_writer;

/* Collective. */
status train_writer_run(stage *s, const train_data *d, train_writer *out);

/* Collective. Mean loss per token of a writer on the validation lines. */
status train_writer_judge(stage *s, const train_data *d, const generator_shape *shape, const float *block,
                          double *loss);

/* Local. Perplexity of texts[count] under a trigram learnt from the training lines. */
status train_writer_trigram(const train_data *d, const train_text *texts, int64_t count, arena *a, double *perplexity);

#endif
