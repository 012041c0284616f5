/* The plan of a platform that is not there yet. */
#ifndef CLI_PLAN_PLATFORM_H
#define CLI_PLAN_PLATFORM_H

#include "cli/plan_print.h"

/* For people: ingest and factorise at p->night.ranks, and what each model of recommender.models takes there. */
void plan_platform_print(const plan_platform *platform, const plan_answer *p);

#endif
