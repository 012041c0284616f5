#include "math/decode_row.h"

#include <math.h>

#include "base/hash.h"

/* The place of a lattice is drawn apart from the texts. */
static const uint64_t lattice_salt = 0x1A771CE51A77u;

/* Narrower than this, an interval says nothing more than what rounding has put there. */
static const double least_interval = 1e-9;

enum { NUCLEUS_FIRST = 64, NUCLEUS_GROWTH = 4 };

static int bits(uint64_t set) {
  int count = 0;
  for (; set != 0; set &= set - 1) count++;
  return count;
}

static uint64_t bit(int slot) { return (uint64_t)1 << slot; }

static int has_limit(const decode_request *q, int unit) { return q->most[unit] > 0 && q->most[unit] < DECODE_NO_LIMIT; }

/* Before the first token; also to go there again. */
static void begin(const decode_model *m, decode_row *row) {
  const decode_vocabulary *v = m->vocabulary;
  const decode_request *q = row->request;
  row->missing = q->required;
  row->came = 0;
  row->count = row->reach = 0;
  row->back = -1;
  row->input = v->begin;
  memset(row->state, 0, sizeof row->state);
  if (q->guard != NULL && q->guard->begin != NULL) q->guard->begin(q->guard->context, row->state);
  for (int u = 0; u < v->units; u++) {
    row->left[u] = has_limit(q, u) ? q->most[u] : DECODE_NO_LIMIT;
    for (int i = 0; i < v->slots && has_limit(q, u); i++)
      if (q->required & bit(i)) row->left[u] -= q->slot_width[u][i];
  }
}

int decode_row_open(const decode_model *m, uint64_t seed, const decode_request *q, decode_result *result,
                    decode_row *row) {
  memset(row, 0, sizeof *row);
  row->request = q;
  row->result = result;
  row->random = random_open(seed, RANDOM_GENERATE, q->id, q->attempt);
  row->lattice = q->lattice > 0;
  row->interval = 1;
  if (row->lattice) {
    const uint32_t first = q->attempt - (uint32_t)q->lattice_place;
    random_stream r = random_open(seed, RANDOM_GENERATE, hash_mix(q->id ^ lattice_salt), first);
    const double code = random_unit_f64(&r) + (double)q->lattice_place / q->lattice;
    row->code = code - floor(code);
  }
  memset(result, 0, sizeof *result);
  row->forced = q->prefix_count;
  for (int i = 0; i < q->prefix_count; i++) result->token[i] = q->prefix[i];
  begin(m, row);
  int fits = bits(q->required) < q->max_tokens;
  for (int u = 0; u < m->vocabulary->units; u++) fits = fits && row->left[u] >= 0;
  return fits;
}

void decode_row_read(const decode_model *m, decode_row *row, int token) {
  const decode_vocabulary *v = m->vocabulary;
  const int slot = v->slot[token], awaited = slot >= 0 && (row->missing & bit(slot));
  for (int u = 0; u < v->units; u++)
    if (has_limit(row->request, u) && !awaited)
      row->left[u] -= slot >= 0 ? row->request->slot_width[u][slot] : v->width[u][token];
  if (slot >= 0) {
    row->missing &= ~bit(slot);
    row->came |= bit(slot);
  }
  row->result->token[row->count++] = token;
  row->input = token;
}

/* 1 if a token may come that is none of those that must. */
static int has_tokens_left(const decode_row *row) {
  return row->request->max_tokens - row->count > bits(row->missing) + 1;
}

void decode_row_specials(const decode_model *m, const decode_row *row, uint8_t *open) {
  const decode_vocabulary *v = m->vocabulary;
  const decode_request *q = row->request;
  const uint64_t more = (q->optional & ~row->came & ~q->required) | (q->repeatable & row->came);
  open[0] = row->missing == 0 && row->count > 0;
  for (int i = 0; i < v->slots; i++) {
    int may = (more & bit(i)) != 0 && has_tokens_left(row);
    for (int u = 0; u < v->units && may; u++)
      if (has_limit(q, u)) may = q->slot_width[u][i] <= row->left[u];
    open[1 + i] = (row->missing & bit(i)) != 0 || may;
  }
}

KERNEL static void shut_wide(uint8_t *restrict shut, const uint8_t *restrict width, int left, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) shut[i] |= width[i] > left;
}

const uint8_t *decode_row_shut(const decode_model *m, const decode_row *row, int from, int count, uint8_t *room) {
  const decode_list *l = row->request->list;
  int is_tight = 0;
  if (!has_tokens_left(row)) return memset(room, 1, (size_t)count);
  for (int u = 0; u < m->vocabulary->units; u++) {
    if (!has_limit(row->request, u) || (row->left[u] >= l->widest[u] && !l->never[u])) continue;
    if (!is_tight) memset(room, 0, (size_t)count);
    is_tight = 1;
    const int left = row->left[u] < DECODE_NEVER_FITS ? row->left[u] : DECODE_NEVER_FITS - 1;
    shut_wide(room, l->width[u] + from, left, count);
  }
  return is_tight ? room : NULL;
}

int decode_row_allows(decode_row *row, int token) {
  const decode_guard *g = row->request->guard;
  if (g == NULL) return 1;
  uint64_t after[DECODE_GUARD_BYTES / 8];
  memcpy(after, row->state, sizeof after);
  if (!g->next(g->context, row->state, row->result->token, row->count, token, after)) return 0;
  memcpy(row->state, after, sizeof after);
  return 1;
}

/* A draw among the likeliest. */
static int draw_among(const decode_request *q, const decode_draw *d, double share, int32_t *room) {
  double weight = 0, sum = 0, aim = 0;
  int k = q->top_k > 0 && q->top_k < d->count ? q->top_k : d->count, kept = 0;
  const double whole = q->top_k > 0 ? 0 : decode_draw_total(d);
  if (q->top_k == 0 && k > NUCLEUS_FIRST) k = NUCLEUS_FIRST;
  for (;; k *= NUCLEUS_GROWTH) {
    const int held = decode_draw_best(d, k, room);
    for (int i = 0; i < held; i++) sum += decode_draw_weight(d, room[i]);
    const double aimed = q->nucleus * (q->top_k > 0 ? sum : whole);
    for (kept = 0, weight = 0; kept < held && (q->nucleus == 0 || kept == 0 || weight < aimed); kept++)
      weight += decode_draw_weight(d, room[kept]);
    if (q->top_k > 0 || weight >= aimed || held < k) break;
    if (k > d->count / NUCLEUS_GROWTH) k = d->count / NUCLEUS_GROWTH + 1;
    sum = 0;
  }
  aim = share * weight;
  for (int i = 0; i < kept; i++) {
    aim -= decode_draw_weight(d, room[i]);
    if (aim < 0 || i + 1 == kept) return room[i];
  }
  return -1;
}

static int pick(decode_row *row, const decode_draw *d, int32_t *room) {
  const decode_request *q = row->request;
  if (q->temperature == 0) return decode_draw_likeliest(d);
  const double share = row->lattice ? row->code : random_unit_f64(&row->random);
  double within, probability;
  if (q->top_k > 0 || q->nucleus > 0) return draw_among(q, d, share, room);
  const int chosen = decode_draw_weighted(d, share, &within, &probability);
  if (!row->lattice) return chosen;
  row->code = within;
  row->interval *= probability;
  row->lattice = row->interval > least_interval;
  return chosen;
}

/* The position of the next token; -1: masks and guard leave nothing that the model would say. *refused gets how many
 * tokens the guard has refused here, now or when it refused what came next. */
static int choose(decode_row *row, decode_draw *d, int32_t *room, int *refused) {
  const decode_list *l = row->request->list;
  const double least = (double)(row->request->least_mass > 0 ? row->request->least_mass : DECODE_LEAST_MASS);
  *refused = 0;
  for (int i = 0; i < row->tried; i++) {
    if (row->way[i].place != row->count) continue;
    decode_draw_refuse(d, decode_model_find(l, d->first, row->way[i].token));
    ++*refused;
  }
  for (;;) {
    if (d->open < least) return -1;
    const int at = pick(row, d, room);
    if (at < 0 || decode_row_allows(row, l->token[at])) return at;
    row->result->refused++;
    ++*refused;
    row->lattice = 0; /* what is drawn anew is drawn freely */
    decode_draw_refuse(d, at);
  }
}

void decode_row_mark(decode_row *row) {
  decode_mark *k = &row->marks[row->count % DECODE_PAST];
  k->missing = row->missing;
  k->came = row->came;
  memcpy(k->state, row->state, sizeof k->state);
  memcpy(k->left, row->left, sizeof k->left);
}

/* To a place before the last token: where marks and states still reach, else from the beginning again. */
static void return_to(const decode_model *m, decode_row *row, int place) {
  const int steps = row->count - place;
  row->forced = place;
  if (steps + 1 > row->reach) {
    begin(m, row);
    return;
  }
  const decode_mark *k = &row->marks[place % DECODE_PAST];
  row->missing = k->missing;
  row->came = k->came;
  memcpy(row->state, k->state, sizeof k->state);
  memcpy(row->left, k->left, sizeof k->left);
  row->count = place;
  row->input = place > 0 ? row->result->token[place - 1] : m->vocabulary->begin;
  row->back = steps + 1; /* the last token is read once more */
  row->reach -= steps + 1;
}

/* Out of a dead end: 1 if the row goes on. Where the guard has refused what the model would say, it goes on from the
 * token before, which is then another; where the masks alone leave nothing, as when the text is over but a slot is
 * missing, the fault lies further back, and it begins anew. Of very many ways that led nowhere the oldest are
 * forgotten. */
static int go_back(const decode_model *m, decode_row *row, int refused) {
  const int first = row->request->prefix_count, place = refused > 0 ? row->count - 1 : first;
  if (row->result->retried >= row->request->retries || place < first || row->count == first) return 0;
  while (row->tried > 0 && row->way[row->tried - 1].place > place) row->tried--;
  if (row->tried == DECODE_TRIED_MOST) memmove(row->way, row->way + 1, (size_t)--row->tried * sizeof *row->way);
  if (refused > 0) {
    row->way[row->tried].place = place;
    row->way[row->tried++].token = row->result->token[place];
  }
  row->result->retried++;
  row->lattice = 0;
  return_to(m, row, place);
  return 1;
}

static void end(decode_row *row, double last) {
  const int first = row->request->prefix_count;
  double sum = last;
  for (int i = first; i < row->count; i++) sum += row->step_log[i];
  row->result->count = row->count;
  row->result->log_probability = (float)(sum / (row->count - first + 1));
}

int decode_row_step(const decode_model *m, decode_row *row, decode_draw *d, int32_t *room) {
  row->back = 0;
  decode_row_mark(row);
  int refused;
  const int at = choose(row, d, room, &refused);
  if (at < 0) return go_back(m, row, refused);
  const double log_probability = (double)d->logit[at] - d->normaliser;
  if (at == 0) {
    end(row, log_probability);
    return 0;
  }
  row->step_log[row->count] = log_probability;
  decode_row_read(m, row, row->request->list->token[at]);
  return 1;
}
