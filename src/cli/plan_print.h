/* The plan of a job in its three forms. */
#ifndef CLI_PLAN_PRINT_H
#define CLI_PLAN_PRINT_H

#include "stages/plan_size.h"

typedef struct plan_answer {
  const char *job, *path;
  plan_job about;
  plan_size night;              /* at the ranks asked for, or suggested */
  plan_size stage[PLAN_STAGES]; /* each at its own suggestion, or at the ranks asked for */
  int asked;                    /* ranks of --ranks, 0: suggested */
} plan_answer;

/* For people. */
void plan_print_table(const plan_answer *p);

/* Parts of it: 1.2 M, 3.4 GiB, 5 min; the head of a table of costs, and a line of it. */
enum { PLAN_PRINT_TEXT = 32 };
void plan_print_count(double value, char out[PLAN_PRINT_TEXT]);
void plan_print_bytes(double value, char out[PLAN_PRINT_TEXT]);
void plan_print_seconds(double value, char out[PLAN_PRINT_TEXT]);
void plan_print_head(int ranks);
void plan_print_cost(const char *name, const plan_cost *c);

/* For scripts: `night RANKS NODES MIB_PER_RANK MINUTES`, then a line `STAGE RANKS NODES MIB_PER_RANK MINUTES` for each
 * stage in order; integers. */
void plan_print_sizes(const plan_answer *p);

/* One object with everything. Fails: STATUS_BUG without memory. */
status plan_print_json(const plan_answer *p, arena *a);

#endif
