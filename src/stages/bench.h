/* What the program does in a second beside what the machine could: measured with the functions that a night uses, on
 * made-up data. CPU seconds of all ranks, so that other work on the machine disturbs little; medians of repeats.
 *
 * Each bench_… is collective, fills figures, and fails with STATUS_BUG without memory, or as what it measures does. */
#ifndef STAGES_BENCH_H
#define STAGES_BENCH_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "comm/comm.h"

enum { BENCH_FIGURES_MOST = 16, BENCH_REPEATS_MOST = 25 };

typedef struct bench_figure {
  const char *name;   /* of what is measured */
  const char *unit;   /* "GFLOP/s", … a rank, by CPU seconds */
  double value;       /* ours */
  double ceiling;     /* the machine's; 0: this is one itself */
  const char *bound;  /* what the ceiling is */
  int less_is_better; /* of seconds */
} bench_figure;

typedef struct bench {
  const comm *comm;
  arena *arena;
  const char *folder; /* for files; there */
  int64_t users, items, events;
  int width, repeats;
  int count;
  bench_figure figure[BENCH_FIGURES_MOST];
} bench;

/* The machine's ceilings, with all ranks at once: sgemm of one thread a rank; triad over memory that is in no cache. */
status bench_sgemm(bench *b);
status bench_stream(bench *b);

status bench_als(bench *b);    /* an epoch: both half-sweeps */
status bench_topk(bench *b);   /* the exact best items of all users, by factors */
status bench_ease(bench *b);   /* the inverse of a matrix of items × items */
status bench_ingest(bench *b); /* reading a CSV; the stage */
status bench_writer(bench *b); /* steps of a minibatch of `users` texts of 35 tokens, a vocabulary of `items` */

/* Writing of `users` texts at a time, a vocabulary of `items`: sampled and greedy, from all tokens and from a list of
 * 1,500; what 100 million messages of 20 tokens cost. */
status bench_decode(bench *b);

/* Local. */
void bench_add(bench *b, const bench_figure *f);
double bench_median(double *values, int count); /* sorts them */

/* Collective. Billions of operations, or of bytes, in a CPU second of the slowest rank. */
status bench_sgemm_rate(const comm *c, int repeats, double *out);
status bench_triad_rate(const comm *c, int repeats, double *out);

/* Collective. The same for reading rows of `row_bytes` from all over a table of so many, each fetched well before. */
status bench_gather_rate(const comm *c, int64_t rows, int row_bytes, int repeats, double *out);

/* Collective. Of a span of CPU seconds on each rank: their sum, the largest. */
double bench_sum(const comm *c, double seconds);
double bench_most(const comm *c, double seconds);

#endif
