#include "recommend/als_transpose.h"

#include "base/watchdog.h"

enum { ROUNDS = 16, LEAST = 1 << 16 /* interactions on their way at a time: a share, but not fewer than these */ };

typedef struct record {
  item_row item;
  int32_t user;
  float value;
} record;

/* A place among the users of this rank. */
typedef struct place {
  int part;
  user_row user;
} place;

typedef struct turning {
  const history *h;
  const als_interactions *by_user;
  int ratings;
  const int64_t *item_start;
  int64_t limit; /* interactions of a round */
  arena *scratch;
  int64_t *cursor; /* [size, rows]: where the next interaction that a rank brings of a row stands */
} turning;

static float value_at(const turning *t, const als_interactions *m, int64_t j) {
  const float *from = t->ratings ? m->target : m->weight;
  return from != NULL ? from[j] : 1;
}

/* The users from `at` on who fill a round. */
static place end_of_round(const turning *t, place at) {
  int64_t taken = 0;
  for (; at.part < t->h->count; at = (place){at.part + 1, 0}) {
    const als_interactions *m = &t->by_user[at.part];
    for (; at.user < m->count; at.user++) {
      if (taken >= t->limit) return at;
      taken += m->offset[at.user + 1] - m->offset[at.user];
    }
  }
  return at;
}

/* Counts the interactions of a row for each rank, and writes them where `out` has room for them. */
static void send_row(const turning *t, int part, user_row u, int64_t *count, record *out) {
  const als_interactions *m = &t->by_user[part];
  const int32_t user = (int32_t)(t->h->user_start[t->h->first + part] + u);
  int rank = 0;
  for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
    while (m->item[j] >= t->item_start[rank + 1]) rank++;
    if (out != NULL) out[count[rank]] = (record){m->item[j], user, value_at(t, m, j)};
    count[rank]++;
  }
}

static void send_users(const turning *t, place from, place to, int64_t *count, record *out) {
  for (int p = from.part; p < t->h->count && p <= to.part; p++) {
    const user_row first = p == from.part ? from.user : 0, last = p == to.part ? to.user : t->by_user[p].count;
    for (user_row u = first; u < last; u++) send_row(t, p, u, count, out);
  }
}

/* The records of a round, by the rank they go to. */
static status pack(const turning *t, place from, place to, record **out, int64_t *bytes) {
  const int size = t->h->comm->size;
  int64_t *count = NULL, all = 0;
  TRY(ARENA(t->scratch, size, &count));
  send_users(t, from, to, count, NULL);
  for (int r = 0; r < size; r++) {
    const int64_t mine = count[r];
    count[r] = all;
    all += mine;
  }
  TRY(ARENA(t->scratch, all, out));
  send_users(t, from, to, count, *out);
  for (int r = 0; r < size; r++) bytes[r + 1] = count[r] * (int64_t)sizeof **out;
  return STATUS_OK;
}

static void unpack(const turning *t, const record *in, const int64_t *bytes, int32_t *user, float *value) {
  const comm *c = t->h->comm;
  const int64_t first = t->item_start[c->rank], rows = t->item_start[c->rank + 1] - first;
  for (int r = 0; r < c->size; r++)
    for (int64_t i = bytes[r] / (int64_t)sizeof *in; i < bytes[r + 1] / (int64_t)sizeof *in; i++) {
      const int64_t at = t->cursor[r * rows + in[i].item - first]++;
      user[at] = in[i].user;
      value[at] = in[i].value;
    }
}

static status exchange(const turning *t, int32_t *user, float *value) {
  const comm *c = t->h->comm;
  place at = {0, 0};
  while (comm_any(c, at.part < t->h->count)) {
    const arena_mark before = arena_here(t->scratch);
    const place to = end_of_round(t, at);
    record *out = NULL;
    int64_t *bytes = NULL, *in_bytes = NULL;
    void *in = NULL;
    TRY_ALL(c, ARENA(t->scratch, c->size + 1, &bytes));
    TRY_ALL(c, pack(t, at, to, &out, bytes));
    TRY(comm_exchange(c, out, bytes, t->scratch, &in, &in_bytes));
    unpack(t, in, in_bytes, user, value);
    arena_release(t->scratch, before);
    at = to;
    watchdog_pulse();
  }
  return STATUS_OK;
}

void als_transpose_offsets(int ranks, int64_t rows, int64_t *count, int64_t *offset) {
  int64_t at = 0;
  for (int64_t i = 0; i < rows; i++) {
    offset[i] = at;
    for (int r = 0; r < ranks; r++) {
      const int64_t brought = count[r * rows + i];
      count[r * rows + i] = at;
      at += brought;
    }
  }
  offset[rows] = at;
}

static status count_own(const turning *t, int64_t **count, int64_t **bytes) {
  const comm *c = t->h->comm;
  TRY(ARENA(t->scratch, t->h->items, count));
  TRY(ARENA(t->scratch, c->size + 1, bytes));
  for (int p = 0; p < t->h->count; p++) {
    const als_interactions *m = &t->by_user[p];
    for (int64_t j = 0; j < m->offset[m->count]; j++) (*count)[m->item[j]]++;
  }
  for (int r = 0; r <= c->size; r++) (*bytes)[r] = t->item_start[r] * (int64_t)sizeof **count;
  return STATUS_OK;
}

static status turn(turning *t, arena *a, als_interactions *out, int32_t **user) {
  const comm *c = t->h->comm;
  const int64_t rows = t->item_start[c->rank + 1] - t->item_start[c->rank];
  int64_t *count = NULL, *bytes = NULL, *in_bytes = NULL, *offset = NULL;
  float *value = NULL;
  TRY_ALL(c, count_own(t, &count, &bytes));
  TRY(comm_exchange(c, count, bytes, t->scratch, (void **)&t->cursor, &in_bytes));
  TRY_ALL(c, ARENA(a, rows + 1, &offset));
  als_transpose_offsets(c->size, rows, t->cursor, offset);
  TRY_ALL(c, ARENA(a, offset[rows], user));
  TRY_ALL(c, ARENA(a, offset[rows], &value));
  TRY(exchange(t, *user, value));
  *out = (als_interactions){.count = (int32_t)rows, .offset = offset, .item = *user};
  if (t->ratings)
    out->target = value;
  else
    out->weight = value;
  return STATUS_OK;
}

status als_transpose(const history *h, const als_interactions *by_user, int ratings, const int64_t *item_start,
                     arena *a, als_interactions *out, int32_t **user) {
  arena scratch = {0};
  int64_t own = 0;
  for (int p = 0; p < h->count; p++) own += by_user[p].offset[by_user[p].count];
  turning t = {h, by_user, ratings, item_start, own / ROUNDS > LEAST ? own / ROUNDS : LEAST, &scratch, NULL};
  const status result = turn(&t, a, out, user);
  arena_free(&scratch);
  return result;
}
