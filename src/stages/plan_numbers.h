/* What the time, memory and traffic of a night depend on: sizes of the inputs, and the shapes that the settings ask
 * for. Counts are double: they are estimates, and are scaled. */
#ifndef STAGES_PLAN_NUMBERS_H
#define STAGES_PLAN_NUMBERS_H

#include "math/discriminator.h"
#include "math/generator.h"

typedef struct plan_numbers {
  /* Inputs. */
  double rows, row_bytes;       /* of inputs.interactions; bytes of a row, decompressed */
  double events, pairs;         /* accepted, without duplicates; distinct (user, item) */
  double users, user_name;      /* mean bytes of a user's own id */
  double items, item_text;      /* mean bytes of all texts of an item */
  double item_words;            /* words of an item, mean */
  double words;                 /* distinct words of all items */
  double user_rows;             /* of inputs.users; 0: none */
  double suppressed;            /* lines of inputs.suppression */
  double judged, targets;       /* users and pairs that the recommender is judged by */
  double catalogue_bytes;       /* of inputs.catalogue, which every rank reads; 0: derived from the events */
  int category_words;           /* inputs.catalogue.categories_by_words, where items have no category */
  double titles, votes, prices; /* derived: distinct titles, (item, title), (item, price) */
  int is_packed;                /* inputs.interactions is a .zst, which every rank unpacks from the first byte on */

  /* Copy: lines to learn from, tokens. */
  double copy_bytes;
  double lines, train_lines, validation_lines;
  double tokens;      /* mean of a line, </s> included */
  double tokens_most; /* of the longest line */
  double lane_steps;  /* mean length of the longest line of a lane of a minibatch */

  /* Settings. */
  int user_parts, item_parts, segments, iterations;
  int width, stride, rating_stride, is_explicit, steps;
  double sweeps, refit_sweeps; /* of the course before the cut; of the fit to all events */
  double exact_share;          /* of the users, solved exactly in the end */
  int models;                  /* bits of recommender.models: stages/plan_recommender.h */
  double spread;               /* mean square of a user's pairs over the square of the mean */
  double ease_items;           /* EASE is for catalogues up to so many */
  double spectral_vectors;     /* 0: as many as such a catalogue has */
  double spectral_oversampling, spectral_iterations, spectral_sharpen;
  double neighbours;
  int lanes, batch;
  double epochs;
  int rounds, round_texts, rollouts, judge_steps;
  int candidates;
  double messages; /* users who are written to */
  double asked;    /* texts asked of the writer, over the candidates of all messages once: >= 1 */
  double kept;     /* share of these that keep all rules */
  double drawn;    /* share of the messages whose text is a line of the copy in the end */
  double checkpoint_seconds;
  generator_shape writer;
  discriminator_shape judge;
} plan_numbers;

/* The same job on `factor` times the users, each as active as before; items and copy stay. For weak scaling. */
plan_numbers plan_numbers_scale(const plan_numbers *n, double factor);

#endif
