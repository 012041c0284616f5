#include "stages/factorise_candidates.h"

#include <string.h>

#include "io/work_file.h"
#include "stages/offers.h"

/* Who is ranked for, and what is kept from whom; [count] each. */
typedef struct audience {
  offers offers;
  int32_t *rows;
  user_row **row;
  int64_t **offset;
  item_row **hidden;
} audience;

static status take_users(const users *u, const als_interactions *seen, const offers *o, arena *a, audience *out,
                         int p) {
  TRY(offers_hidden(o, u, a, &out->offset[p], &out->hidden[p]));
  TRY(ARENA(a, u->count, &out->row[p]));
  for (user_row i = 0; i < u->count; i++)
    if (seen->offset[i + 1] > seen->offset[i] && !(u->flags[i] & USER_SUPPRESSED)) out->row[p][out->rows[p]++] = i;
  return STATUS_OK;
}

static status take_audience(const factorise_input *in, const history *h, arena *a, audience *out) {
  TRY(offers_find(&in->items, a, &out->offers));
  TRY(ARENA(a, h->count, &out->rows));
  TRY(ARENA(a, h->count, &out->row));
  TRY(ARENA(a, h->count, &out->offset));
  TRY(ARENA(a, h->count, &out->hidden));
  for (int p = 0; p < h->count; p++) TRY(take_users(&in->users[p], &h->seen[p], &out->offers, a, out, p));
  return STATUS_OK;
}

static status write_part(const stage *s, const ranking *r, int part, int index, int parts, int32_t count, arena *a) {
  enum { MOST = DECISION_CANDIDATES };
  candidate_lists c = {.count = count};
  char *path = NULL;
  TRY(ARENA(a, (int64_t)count * MOST, &c.item));
  TRY(ARENA(a, (int64_t)count * MOST, &c.score));
  for (int64_t k = 0; k < (int64_t)count * MOST; k++) c.item[k] = -1;
  for (int32_t i = 0; i < r->rows[part]; i++) {
    const int64_t to = (int64_t)r->row[part][i] * MOST, from = (int64_t)i * MOST;
    memcpy(c.item + to, r->item[part] + from, MOST * sizeof *c.item);
    memcpy(c.score + to, r->score[part] + from, MOST * sizeof *c.score);
  }
  TRY(stage_path(s, s->name, "candidates", index, parts, &path));
  return work_file_save_candidates(path, &c);
}

static status write_parts(const stage *s, const history *h, const ranking *r, arena *a) {
  for (int p = 0; p < h->count; p++) {
    const arena_mark before = arena_here(a);
    TRY(write_part(s, r, p, h->first + p, h->user_parts, h->seen[p].count, a));
    arena_release(a, before);
  }
  return STATUS_OK;
}

static status rank_and_write(const stage *s, const factorise_input *in, const history *h, const ensemble *e, arena *a) {
  audience to = {.rows = NULL};
  ranking r;
  TRY_ALL(s->comm, take_audience(in, h, a, &to));
  const ranking_filter filter = {.allowed = to.offers.allowed,
                                 .offset = (const int64_t *const *)to.offset,
                                 .hidden = (const item_row *const *)to.hidden,
                                 .rows = to.rows,
                                 .row = (const user_row *const *)to.row};
  TRY(ranking_find(h, e->term, e->terms, &filter, DECISION_CANDIDATES, a, &r));
  TRY_ALL(s->comm, write_parts(s, h, &r, a));
  return STATUS_OK;
}

status factorise_candidates_write(const stage *s, const factorise_input *in, const history *h, const ensemble *e) {
  arena memory = {0};
  const status result = rank_and_write(s, in, h, e, &memory);
  arena_free(&memory);
  return result;
}
