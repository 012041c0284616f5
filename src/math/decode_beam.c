/* Beam search: each request has `width` rows, its hypotheses, of which groups are searched one after another. */
#include <math.h>
#include <stdlib.h>

#include "math/decode_score.h"

/* Candidates that a hypothesis offers for each row: what other groups have said, and what a guard refuses, must not
 * leave the beam empty. */
enum { OFFERS = 2, OFFERS_GUARDED = 6, OFFERS_MOST = OFFERS_GUARDED * DECODE_BEAM_MOST };

typedef struct candidate {
  double score, rank; /* log-probability of all tokens; that less what diversity costs */
  int hypothesis;     /* of the request's rows */
  int offer;          /* place in the hypothesis's order */
  int position;       /* in the list; 0: </s> */
} candidate;

/* A request at work in rows [place × width, (place + 1) × width). */
typedef struct search {
  int request;
  uint8_t alive[DECODE_BEAM_MOST]; /* by row: 1 where a hypothesis goes on */
  double score[DECODE_BEAM_MOST];  /* by row */
  int ended[DECODE_BEAM_MOST];     /* by group: texts that have ended, as many as the group has rows at most */
  double ended_rank[DECODE_BEAM_MOST];
} search;

typedef struct beams {
  const decode_model *model;
  const decode_beam *beam;
  const decode_request *requests;
  decode_result *results;
  int next, count, busy;                  /* requests not begun: [next, count); searches at work */
  search *searches;                       /* [ROWS] */
  decode_row *rows, *fresh;               /* [ROWS]: hypotheses; those of the next step */
  decode_result *texts, *written, *ended; /* [ROWS]: of rows, of fresh rows, of what has ended, by group */
  candidate *offers;                      /* [DECODE_BEAM_MOST × OFFERS_MOST] */
  int from[DECODE_ROWS];                  /* the row that each row goes on from */
  int draw[DECODE_ROWS];                  /* where each row has been scored */
  decode_score score;
} beams;

static int group_rows(const beams *b) { return b->beam->width / b->beam->groups; }

/* Puts the next request that has any chance into a place; 0 when there is none. Only the first row of each group is
 * alive at first: all would say the same. */
static int take_next(beams *b, int place) {
  const int width = b->beam->width, first = place * width;
  while (b->next < b->count) {
    const int i = b->next++;
    search *s = &b->searches[place];
    int fits = 1;
    *s = (search){.request = i};
    for (int k = 0; k < width; k++) {
      fits = decode_row_open(b->model, 0, &b->requests[i], &b->texts[first + k], &b->rows[first + k]);
      decode_states_start(b->model, &b->requests[i], first + k, &b->score.states);
      s->alive[k] = k % group_rows(b) == 0;
    }
    if (fits) return 1;
    for (int k = 0; k < b->beam->best; k++) b->results[(int64_t)i * b->beam->best + k].count = 0;
  }
  return 0;
}

static int compare(const void *left, const void *right) {
  const candidate *a = left, *b = right;
  if (a->rank != b->rank) return a->rank > b->rank ? -1 : 1;
  if (a->hypothesis != b->hypothesis) return a->hypothesis < b->hypothesis ? -1 : 1;
  return a->offer - b->offer;
}

/* What the group's hypotheses would say next, best first; `said` are the tokens of earlier groups. */
static int offer(beams *b, int place, int group, const int32_t *said, int said_count) {
  const search *s = &b->searches[place];
  const int each = group_rows(b), base = place * b->beam->width;
  int count = 0;
  for (int k = group * each; k < (group + 1) * each; k++) {
    if (!s->alive[k]) continue;
    const decode_request *q = b->rows[base + k].request;
    const decode_draw *d = &b->score.draw[b->draw[base + k]];
    const int wanted = b->beam->width * (q->guard == NULL ? OFFERS : OFFERS_GUARDED);
    const int found = decode_draw_best(d, wanted < d->count ? wanted : d->count, b->score.room);
    for (int i = 0; i < found; i++) {
      const int at = b->score.room[i];
      const double score = s->score[k] + (double)d->logit[at] - d->normaliser;
      candidate *c = &b->offers[count++];
      *c = (candidate){.score = score, .rank = score, .hypothesis = k, .offer = i, .position = at};
      for (int t = 0; t < said_count; t++)
        if (said[t] == q->list->token[at]) c->rank -= (double)b->beam->diversity;
    }
  }
  qsort(b->offers, (size_t)count, sizeof *b->offers, compare);
  return count;
}

/* Keeps a text that has ended among the best of its group. */
static void end_text(beams *b, int place, int group, const decode_result *text, double score) {
  search *s = &b->searches[place];
  const int each = group_rows(b), first = group * each, last = first + each;
  const double rank = score / pow(text->count + 1, (double)b->beam->length_power);
  decode_result *ended = b->ended + place * b->beam->width;
  int at = first + s->ended[group];
  for (; at > first && s->ended_rank[at - 1] < rank; at--) {
    if (at == last) continue;
    s->ended_rank[at] = s->ended_rank[at - 1];
    ended[at] = ended[at - 1];
  }
  if (at == last) return;
  s->ended_rank[at] = rank;
  ended[at] = *text;
  ended[at].log_probability = (float)(score / (text->count + 1));
  if (s->ended[group] < each) s->ended[group]++;
}

/* The group's next hypotheses, in its rows of `fresh`; the tokens that they take are added to `said`. An end counts
 * only where it is among the best. */
static void choose(beams *b, int place, int group, int32_t *said, int *said_count) {
  search *s = &b->searches[place];
  const int each = group_rows(b), first = group * each, base = place * b->beam->width;
  const int count = offer(b, place, group, said, *said_count);
  int kept = 0, looked = 0;
  for (int i = 0; i < count && kept < each; i++) {
    const candidate *c = &b->offers[i];
    const int to = base + first + kept;
    const decode_row *row = &b->rows[base + c->hypothesis];
    const int32_t token = row->request->list->token[c->position];
    b->fresh[to] = *row;
    b->written[to] = *row->result;
    b->fresh[to].result = &b->written[to];
    if (!decode_row_allows(&b->fresh[to], token)) continue;
    looked++;
    if (c->position == 0) {
      b->written[to].count = row->count;
      if (looked <= each) end_text(b, place, group, &b->written[to], c->score);
      continue;
    }
    decode_row_read(b->model, &b->fresh[to], token);
    b->from[to] = base + c->hypothesis;
    s->score[first + kept++] = c->score;
    said[(*said_count)++] = token;
  }
  for (int k = 0; k < each; k++) s->alive[first + k] = k < kept && s->ended[group] < each;
}

/* One more token for the searches of one list. */
static void extend(beams *b, const int *places, int count) {
  int order[DECODE_ROWS], rows = 0;
  const int width = b->beam->width;
  for (int i = 0; i < count; i++)
    for (int k = 0; k < width; k++) {
      const int row = places[i] * width + k;
      if (!b->searches[places[i]].alive[k]) continue;
      b->draw[row] = rows;
      order[rows++] = row;
    }
  decode_score_rows(b->model, b->rows, order, rows, &b->score);
  for (int i = 0; i < count; i++) {
    int32_t said[DECODE_BEAM_MOST];
    int said_count = 0;
    for (int g = 0; g < b->beam->groups; g++) choose(b, places[i], g, said, &said_count);
  }
}

static int is_over(const beams *b, const search *s) {
  for (int k = 0; k < b->beam->width; k++)
    if (s->alive[k]) return 0;
  return 1;
}

static int is_same(const decode_result *a, const decode_result *b) {
  return a->count == b->count && memcmp(a->token, b->token, (size_t)a->count * sizeof *a->token) == 0;
}

/* The best of all groups, none twice. */
static void hand_over(const beams *b, int place) {
  const search *s = &b->searches[place];
  const int each = group_rows(b), best = b->beam->best;
  decode_result *out = b->results + (int64_t)s->request * best;
  int at[DECODE_BEAM_MOST] = {0}, written = 0;
  for (int i = 0; i < best; i++) out[i].count = 0;
  for (;;) {
    int group = -1;
    for (int g = 0; g < b->beam->groups; g++) {
      if (at[g] == s->ended[g]) continue;
      if (group < 0 || s->ended_rank[g * each + at[g]] > s->ended_rank[group * each + at[group]]) group = g;
    }
    if (group < 0 || written == best) return;
    const decode_result *text = &b->ended[place * b->beam->width + group * each + at[group]++];
    int is_new = 1;
    for (int i = 0; i < written; i++) is_new = is_new && !is_same(&out[i], text);
    if (is_new) out[written++] = *text;
  }
}

/* The place of a search that is over goes to the next request, or else to the last search. */
static void replace(beams *b, int place) {
  const int width = b->beam->width;
  if (take_next(b, place)) return;
  const int last = --b->busy;
  if (place == last) return;
  b->searches[place] = b->searches[last];
  for (int k = 0; k < width; k++) {
    const int from = last * width + k, to = place * width + k;
    b->rows[to] = b->rows[from];
    b->texts[to] = b->texts[from];
    b->ended[to] = b->ended[from];
    b->rows[to].result = &b->texts[to];
    decode_states_copy(&b->model->shape, from, to, &b->score.states);
  }
}

static void settle(beams *b) {
  const int rows = b->busy * b->beam->width;
  for (int i = 0; i < rows; i++) {
    if (!b->searches[i / b->beam->width].alive[i % b->beam->width]) continue;
    b->rows[i] = b->fresh[i];
    b->texts[i] = b->written[i];
    b->rows[i].result = &b->texts[i];
  }
  decode_states_permute(&b->model->shape, b->from, rows, &b->score.states);
  for (int place = b->busy - 1; place >= 0; place--) {
    if (!is_over(b, &b->searches[place])) continue;
    hand_over(b, place);
    replace(b, place);
  }
}

static void step(beams *b) {
  const int width = b->beam->width, rows = b->busy * width;
  int32_t input[DECODE_ROWS];
  uint8_t done[DECODE_ROWS] = {0};
  for (int i = 0; i < rows; i++) {
    input[i] = b->rows[i].input;
    b->from[i] = i;
  }
  decode_states_advance(b->model, input, rows, &b->score.states);
  for (int i = 0; i < b->busy; i++) {
    int places[DECODE_ROWS], count = 0;
    const decode_list *list = b->rows[i * width].request->list;
    for (int k = i; k < b->busy; k++) {
      if (done[k] || b->rows[k * width].request->list != list) continue;
      done[k] = 1;
      places[count++] = k;
    }
    if (count > 0) extend(b, places, count);
  }
  settle(b);
}

static void lay_out(const generator_shape *s, int positions, kernel_scratch *memory, beams *b) {
  b->rows = decode_score_take(memory, DECODE_ROWS, sizeof *b->rows);
  b->fresh = decode_score_take(memory, DECODE_ROWS, sizeof *b->fresh);
  b->texts = decode_score_take(memory, DECODE_ROWS, sizeof *b->texts);
  b->written = decode_score_take(memory, DECODE_ROWS, sizeof *b->written);
  b->ended = decode_score_take(memory, DECODE_ROWS, sizeof *b->ended);
  b->searches = decode_score_take(memory, DECODE_ROWS, sizeof *b->searches);
  b->offers = decode_score_take(memory, DECODE_BEAM_MOST * OFFERS_MOST, sizeof *b->offers);
  decode_score_lay_out(s, positions, memory, &b->score);
}

/* Beams need more beside their rows than single texts do. */
int64_t decode_scratch(const generator_shape *s, const decode_vocabulary *v, int most) {
  kernel_scratch counter = {NULL, 0};
  beams b;
  lay_out(s, 1 + v->slots + most, &counter, &b);
  return counter.used;
}

void decode_beam_search(const decode_model *m, const decode_beam *beam, const decode_request *requests, int count,
                        decode_result *results, float *scratch) {
  kernel_scratch memory = {scratch, 0};
  beams b = {.model = m, .beam = beam, .requests = requests, .results = results, .count = count};
  int most = 0;
  for (int i = 0; i < count; i++) most = requests[i].list->count > most ? requests[i].list->count : most;
  lay_out(&m->shape, most, &memory, &b);
  while (b.busy < DECODE_ROWS / beam->width && take_next(&b, b.busy)) b.busy++;
  while (b.busy > 0) step(&b);
}
