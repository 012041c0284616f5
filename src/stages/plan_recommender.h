/* What the models of recommender.models cost, each fitted once to all interactions, and what it costs to rank by them.
 * The terms follow src/recommend/; their sizes stand in the headers there. */
#ifndef STAGES_PLAN_RECOMMENDER_H
#define STAGES_PLAN_RECOMMENDER_H

#include "base/status.h"
#include "stages/plan_network.h"
#include "stages/plan_time.h"

/* In the order of recommender_kinds. */
typedef enum plan_recommender {
  PLAN_ALS,
  PLAN_EASE,
  PLAN_SPECTRAL,
  PLAN_ITEM_NEIGHBOURS,
  PLAN_USER_NEIGHBOURS,
  PLAN_CONTENT,
  PLAN_POPULARITY,
  PLAN_RECOMMENDERS
} plan_recommender;

/* As in the setting: "als", … */
const char *plan_recommender_name(int which);

/* Of one model. Seconds are those of the busiest rank. */
typedef struct plan_fitted {
  double memory; /* bytes of a rank, while the model stands; without what its node shares */
  double shared; /* bytes that the ranks of a node share, each of which has touched all of them in the end */
  double peak;   /* more bytes of a rank while it is fitted */
  double fit;    /* seconds */
  double panels; /* seconds to make all panels of items once */
  double score;  /* seconds to score all items for all users */
  plan_traffic fitting, ranking;
} plan_fitted;

/* `sweeps`: of ALS. */
plan_fitted plan_recommender_cost(const plan_work *w, const plan_network *network, int which, double sweeps);

/* 1 if the interactions stand once per node for models that read them by columns: 16 bytes each, shared by all of them.
 */
int plan_recommender_needs_matrix(int models);
double plan_recommender_matrix(const plan_numbers *n);

/* The model of n->models that needs most memory; *bytes: how much on a node that takes one rank, with the interactions
 * that it reads by columns. */
int plan_recommender_heaviest(const plan_work *w, const plan_network *network, double *bytes);

/* 1 where the half-sweeps of items do not move users (recommend/als_exchange.h). */
int plan_recommender_is_stationary(const plan_numbers *n);

/* Models whose bits are set in n->models, without those that such a catalogue is too large for, as
 * stages/fold_ensemble.h has it. *dropped: their names, or NULL. Fails: STATUS_SETTINGS where none is left. */
status plan_recommender_choose(plan_numbers *n, const char **dropped);

#endif
