/* One text on its way: what may come next, and what has come. Private to the decoder (decode*.c). */
#ifndef MATH_DECODE_ROW_H
#define MATH_DECODE_ROW_H

#include "base/random.h"
#include "math/decode_draw.h"
#include "math/decode_states.h"

enum { DECODE_TRIED_MOST = 16 };

/* What must be known to go back to a place. */
typedef struct decode_mark {
  uint64_t missing, came, state[DECODE_GUARD_BYTES / 8];
  int left[DECODE_UNITS_MOST];
} decode_mark;

typedef struct decode_row {
  const decode_request *request;
  decode_result *result;
  random_stream random;
  uint64_t missing, came;              /* required slots still to come; slots that came */
  int left[DECODE_UNITS_MOST];         /* of the budgets, what missing slots need already taken off */
  int count;                           /* tokens read */
  int forced;                          /* result->token[0, forced) are read, not chosen */
  int input;                           /* last token */
  int lattice;                         /* 1 while `code` names the text */
  double code, interval;               /* where in [0, 1) the text lies among all; the width of what is known of it */
  double step_log[DECODE_TOKENS_MOST]; /* log-probability of each token behind the prefix */
  int reach;                           /* steps that its states can be taken back by */
  int back; /* after decode_row_step: steps that its states are to be taken back by; -1: to the beginning */
  uint64_t state[DECODE_GUARD_BYTES / 8];
  decode_mark marks[DECODE_PAST]; /* before the tokens at these places, modulo DECODE_PAST */
  int tried;                      /* ways that led nowhere, from places <= count */
  struct {
    int place;
    int32_t token;
  } way[DECODE_TRIED_MOST];
} decode_row;

/* A row for a request; 0 where its slots alone are too much: the result's count is 0. */
int decode_row_open(const decode_model *m, uint64_t seed, const decode_request *q, decode_result *result,
                    decode_row *row);

/* Before a token is chosen or given: what must be known to come back. */
void decode_row_mark(decode_row *row);

/* Reads a token that is not </s>. The guard's state is the caller's. */
void decode_row_read(const decode_model *m, decode_row *row, int token);

/* Which of positions [0, 1 + S) may come. */
void decode_row_specials(const decode_model *m, const decode_row *row, uint8_t *open);

/* 1 for positions [from, from + count) of the list that do not fit, in room[count]; NULL where all fit. */
const uint8_t *decode_row_shut(const decode_model *m, const decode_row *row, int from, int count, uint8_t *room);

/* 1 if the guard lets `token` follow; its state is then in row->state. */
int decode_row_allows(decode_row *row, int token);

/* After the scan: chooses the next token. Returns 1 to go on, 0 when the row has ended or was given up. A row that
 * goes back says so in row->back; its states are the caller's.
 *   room  [count of the list] positions */
int decode_row_step(const decode_model *m, decode_row *row, decode_draw *d, int32_t *room);

#endif
