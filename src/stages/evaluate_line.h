/* Verdicts as lines of JSON. */
#ifndef STAGES_EVALUATE_LINE_H
#define STAGES_EVALUATE_LINE_H

#include "io/json_writer.h"
#include "recommend/ensemble.h"
#include "recommend/verdict.h"

/* Opens a line: {"model": …, "data": … */
void evaluate_line_open(json_writer *w, const char *model, const char *data);

/* "recall@20", "ndcg@20", "hit_rate@20", "map@20", each with _low and _high where there is an interval; "coverage@20",
 * "gini@20", "novelty@20", "users", "targets". */
void evaluate_line_verdict(json_writer *w, int k, const verdict *v);

/* "weights": {"als": …}, "exponents": {…} */
void evaluate_line_weights(json_writer *w, const ensemble *e);

void evaluate_line_real(json_writer *w, const char *name, double value);
void evaluate_line_integer(json_writer *w, const char *name, int64_t value);
void evaluate_line_close(json_writer *w);

#endif
