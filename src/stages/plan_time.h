/* Time and traffic of each stage; the terms stand in the order of the stage's own code. See plan_model.h. */
#ifndef STAGES_PLAN_TIME_H
#define STAGES_PLAN_TIME_H

#include "stages/plan_model.h"
#include "stages/plan_network.h"

typedef struct plan_work {
  const plan_numbers *n;
  const plan_rates *r;
  int ranks;
  double share; /* of the users on the busiest rank */
} plan_work;

/* Bytes of the users' files of ingest, all partitions. */
double plan_time_users_bytes(const plan_numbers *n);

/* Each adds to *t what it says, and to cost->compute and cost->serial. */
void plan_time_ingest(const plan_work *w, plan_traffic *t, plan_cost *cost);
void plan_time_profile(const plan_work *w, plan_traffic *t, plan_cost *cost);
void plan_time_factorise(const plan_work *w, plan_traffic *t, plan_cost *cost);
void plan_time_train(const plan_work *w, plan_traffic *t, plan_cost *cost);
void plan_time_decide(const plan_work *w, plan_traffic *t, plan_cost *cost);
void plan_time_generate(const plan_work *w, plan_traffic *t, plan_cost *cost);
void plan_time_report(const plan_work *w, plan_traffic *t, plan_cost *cost);

/* Seconds in which one rank decodes `texts` texts, `batch` in a call. */
double plan_time_decode(const plan_numbers *n, const plan_rates *r, double texts, double batch);

#endif
