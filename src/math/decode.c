/* Many requests through a block of rows. */
#include "math/decode.h"

#include "math/decode_score.h"

typedef struct batch {
  const decode_model *model;
  uint64_t seed;
  const decode_request *requests;
  decode_result *results;
  int next, count;  /* requests not begun yet: [next, count) */
  int busy;         /* rows at work: [0, busy) */
  decode_row *rows; /* [DECODE_ROWS] */
  decode_score score;
} batch;

/* Puts the next request that has any chance into row `place`; 0 when there is none. */
static int take_next(batch *b, int place) {
  while (b->next < b->count) {
    const int i = b->next++;
    if (!decode_row_open(b->model, b->seed, &b->requests[i], &b->results[i], &b->rows[place])) continue;
    decode_states_start(b->model, &b->requests[i], place, &b->score.states);
    return 1;
  }
  return 0;
}

/* The place of a row that has ended goes to the next request, or else to the last row, so that rows stay together. */
static void replace(batch *b, int place) {
  if (take_next(b, place)) return;
  b->busy--;
  if (place == b->busy) return;
  b->rows[place] = b->rows[b->busy];
  decode_states_copy(&b->model->shape, b->busy, place, &b->score.states);
}

/* Rows whose next token is to be chosen, those of one list together; returns how many. */
static int arrange(batch *b, int *order) {
  int count = 0;
  for (int i = 0; i < b->busy; i++) {
    if (b->rows[i].count < b->rows[i].forced) continue;
    const uintptr_t list = (uintptr_t)b->rows[i].request->list;
    int at = count++;
    for (; at > 0 && (uintptr_t)b->rows[order[at - 1]].request->list > list; at--) order[at] = order[at - 1];
    order[at] = i;
  }
  return count;
}

/* Reads what is given: the next token of a prefix, or of what stood before a dead end. */
static void read_given(batch *b) {
  for (int i = 0; i < b->busy; i++) {
    decode_row *row = &b->rows[i];
    if (row->count >= row->forced) continue;
    const int token = row->result->token[row->count];
    decode_row_mark(row);
    decode_row_allows(row, token);
    decode_row_read(b->model, row, token);
  }
}

/* Chooses for the rows of order[count], which have one list; ended[row] is set for those that have ended. */
static void choose(batch *b, const int *order, int count, uint8_t *ended) {
  decode_score_rows(b->model, b->rows, order, count, &b->score);
  for (int i = 0; i < count; i++) {
    decode_row *row = &b->rows[order[i]];
    ended[order[i]] = !decode_row_step(b->model, row, &b->score.draw[i], b->score.room);
    if (row->back < 0) decode_states_start(b->model, row->request, order[i], &b->score.states);
    if (row->back > 0) decode_states_back(&b->model->shape, order[i], row->back, &b->score.states);
  }
}

static void step(batch *b) {
  int order[DECODE_ROWS];
  int32_t input[DECODE_ROWS];
  uint8_t ended[DECODE_ROWS] = {0};
  for (int i = 0; i < b->busy; i++) {
    input[i] = b->rows[i].input;
    if (b->rows[i].reach < DECODE_PAST - 1) b->rows[i].reach++;
  }
  decode_states_advance(b->model, input, b->busy, &b->score.states);
  const int count = arrange(b, order);
  read_given(b);
  for (int from = 0, last; from < count; from = last) {
    const decode_list *list = b->rows[order[from]].request->list;
    for (last = from + 1; last < count && b->rows[order[last]].request->list == list;) last++;
    choose(b, order + from, last - from, ended);
  }
  for (int i = b->busy - 1; i >= 0; i--)
    if (ended[i]) replace(b, i);
}

void decode_batch(const decode_model *m, uint64_t seed, const decode_request *requests, int count,
                  decode_result *results, float *scratch) {
  kernel_scratch memory = {scratch, 0};
  batch b = {.model = m, .seed = seed, .requests = requests, .results = results, .count = count};
  b.rows = decode_score_take(&memory, DECODE_ROWS, sizeof *b.rows);
  int most = 0;
  for (int i = 0; i < count; i++) most = requests[i].list->count > most ? requests[i].list->count : most;
  decode_score_lay_out(&m->shape, most, &memory, &b.score);
  while (b.busy < DECODE_ROWS && take_next(&b, b.busy)) b.busy++;
  while (b.busy > 0) step(&b);
}
