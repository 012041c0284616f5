/* The rows of the settings table about models of a corpus of texts. For base/settings_table.c. */
#ifndef BASE_SETTINGS_TEXT_H
#define BASE_SETTINGS_TEXT_H

#define SETTINGS_TEXT_ROWS                                                                                               \
  {"text.embedding", INT, 8, 4096, "200", NULL, "", "length of a token's vector, of a model of a corpus"},               \
      {"text.hidden", INT, 8, 4096, "200", NULL, "", "cells of an LSTM layer"},                                          \
      {"text.layers", INT, 1, 4, "2", NULL, "", "LSTM layers"},                                                          \
      {"text.tied", BOOL, 0, 0, "true", NULL, "", "softmax weights are the embedding"},                                  \
      {"text.facts", BOOL, 0, 0, "false", NULL, "", "slots are read by the gate of SC-LSTM, beside the condition"},      \
      {"text.batch", INT, 1, 65536, "20", NULL, "texts", "texts, or streams of running text, in a minibatch"},           \
      {"text.steps", INT, 1, 1000, "35", NULL, "tokens", "how far gradients go back in running text"},                   \
      {"text.lanes", INT,  1,  4096,                                                                                     \
       "4",          NULL, "", "pieces of a minibatch whose gradients are summed in fixed order; ranks beyond it idle"}, \
      {"text.epochs", INT, 1, 10000, "20", NULL, "", "passes over the corpus at most"},                                  \
      {"text.patience", INT, 1, 10000, "10", NULL, "epochs", "epochs without a better validation before it stops"},      \
      {"text.optimiser", CHOICE, 0, 0, "adam", "adam|sgd", "", "AdamW, or plain gradient descent"},                      \
      {"text.rate", REAL, 1e-8, 1000, "0.003", NULL, "", "learning rate at its peak, of the mean loss of a token"},      \
      {"text.schedule",                                                                                                  \
       CHOICE,                                                                                                           \
       0,                                                                                                                \
       0,                                                                                                                \
       "cosine",                                                                                                         \
       "cosine|steps",                                                                                                   \
       "",                                                                                                               \
       "cosine: a rise, then half a cosine; steps: flat, then times a factor after each epoch"},                         \
      {"text.warmup", REAL, 0, 1, "0.02", NULL, "", "share of steps in which the rate rises, of the schedule cosine"},   \
      {"text.flat_epochs", INT, 0, 10000, "6", NULL, "epochs", "epochs at the full rate, of the schedule steps"},        \
      {"text.decay_factor", REAL, 0.01, 1, "0.5", NULL, "", "factor of the rate after each later epoch"},                \
      {"text.average",                                                                                                   \
       INT,                                                                                                              \
       0,                                                                                                                \
       10000,                                                                                                            \
       "0",                                                                                                              \
       NULL,                                                                                                             \
       "epochs",                                                                                                         \
       "sgd: weights are averaged once the validation is no better than so many epochs ago; 0: never"},                  \
      {"text.weight_decay", REAL, 0, 1, "0", NULL, "", "decoupled weight decay"},                                        \
      {"text.clip", REAL, 0, 1e6, "0.25", NULL, "", "largest norm of the gradient of that mean; 0: none"},               \
      {"text.dropout_token", REAL, 0, 0.9, "0", NULL, "", "share of words whose embedding is dropped in a step"},        \
      {"text.dropout_input", REAL, 0, 0.9, "0.2", NULL, "", "share of embedded tokens that is dropped"},                 \
      {"text.dropout_between", REAL, 0, 0.9, "0.2", NULL, "", "share of states between layers that is dropped"},         \
      {"text.dropout_output", REAL, 0, 0.9, "0.2", NULL, "", "share of states before the softmax that is dropped"},      \
      {"text.dropout_recurrent", REAL, 0, 0.9, "0", NULL, "", "share of recurrent weights that is dropped in a step"},   \
      {"text.dropout_per_step", BOOL, 0, 0, "false", NULL, "", "masks are drawn for each token, not for each text"},     \
      {"text.activation", REAL, 0, 1000, "0", NULL, "", "weight of the mean square of the last layer's states"},         \
      {"text.slowness", REAL, 0, 1000, "0", NULL, "", "weight of the mean square of their changes"},                     \
      {"text.least", INT, 1, 1000000, "1", NULL, "", "how often a word must stand in the train part to be known"},       \
      {"text.beam", INT, 1, 16, "10", NULL, "", "hypotheses that are kept while a text is written"},                     \
      {"text.candidates",                                                                                                \
       INT,                                                                                                              \
       1,                                                                                                                \
       64,                                                                                                               \
       "10",                                                                                                             \
       NULL,                                                                                                             \
       "texts",                                                                                                          \
       "ended texts of which the one with the fewest slot errors is taken"},                                             \
      {"text.no_repeat",                                                                                                 \
       INT,                                                                                                              \
       0,                                                                                                                \
       95,                                                                                                               \
       "0",                                                                                                              \
       NULL,                                                                                                             \
       "tokens",                                                                                                         \
       "so many never follow each other twice in a text; 0: they may"},                                                  \
      {"text.coverage", REAL, 0, 100, "0", NULL, "", "nats by which the search prefers a word that must be written"},    \
  {                                                                                                                      \
    "text.tokens", INT, 4, 95, "80", NULL, "tokens", "longest text that is written"                                      \
  }

#endif
