#include <string.h>

#include "base/watchdog.h"
#include "recommend/neighbours.h"
#include "recommend/node_matrix.h"
#include "recommend/recommender.h"

/* User neighbours (Resnick et al. 1994): the score of an item is the sum, over those of the user's nearest users who
 * have seen it, of similarity × their weight. */
typedef struct users_part {
  int64_t *offset;  /* [users + 1] */
  neighbour *found; /* [offset[users]], ascending within a user */
} users_part;

typedef struct panel_entry {
  float weight;
  int32_t column;
} panel_entry;

typedef struct users_model {
  const history *history;
  const node_matrix *interactions;
  users_part *part; /* [history.count] */
  int64_t *offset;  /* [users of all ranks + 2]: what each has of the panel */
  panel_entry *entry;
} users_model;

/* Lists of the users of one partition; a user's list is at most count long and cut to what there is. */
static status find_part(users_model *m, neighbours *n, int p, arena *a) {
  const history *h = m->history;
  const int32_t users = h->seen[p].count;
  users_part *part = &m->part[p];
  arena scratch = {0};
  neighbour *all = NULL;
  status result = STATUS_OK;
  TRY(ARENA(a, users + 1, &part->offset));
  TRY_DONE(result, ARENA(&scratch, (int64_t)users * n->count, &all));
  for (int32_t u = 0; u < users; u++) {
    const int32_t row = (int32_t)(h->user_start[h->first + p] + u);
    part->offset[u + 1] = part->offset[u] + neighbours_find(n, row, all + part->offset[u]);
    watchdog_pulse();
  }
  TRY_DONE(result, ARENA(a, part->offset[users], &part->found));
  memcpy(part->found, all, (size_t)part->offset[users] * sizeof *all);
done:
  arena_free(&scratch);
  return result;
}

/* Entries of the fullest panel. */
static int64_t panel_most(const node_matrix *r) {
  int64_t most = 0;
  for (item_row first = 0; first < r->items; first += RECOMMENDER_PANEL) {
    const item_row end = r->items - first < RECOMMENDER_PANEL ? r->items : first + RECOMMENDER_PANEL;
    const int64_t entries = r->item_offset[end] - r->item_offset[first];
    if (entries > most) most = entries;
  }
  return most;
}

static status find_lists(users_model *m, const settings *s, arena *a) {
  const node_matrix *r = m->interactions;
  const neighbours_side by_item = {r->items, r->item_offset, r->user, r->item_weight},
                        by_user = {r->users, r->user_offset, r->item, r->user_weight};
  arena scratch = {0};
  neighbours n;
  status result = STATUS_OK;
  TRY_DONE(result, neighbours_create(by_user, by_item, s, settings_real(s, "neighbours.item_damping"), &scratch, &n));
  TRY_DONE(result, ARENA(a, m->history->count, &m->part));
  for (int p = 0; p < m->history->count; p++) TRY_DONE(result, find_part(m, &n, p, a));
  TRY_DONE(result, ARENA(a, (int64_t)r->users + 2, &m->offset));
  TRY_DONE(result, ARENA(a, panel_most(r), &m->entry));
done:
  arena_free(&scratch);
  return result;
}

static status fit(const history *h, const settings *s, arena *a, void **model) {
  *model = NULL;
  users_model *m = NULL;
  TRY_ALL(h->comm, ARENA(a, 1, &m));
  *model = m;
  m->history = h;
  TRY(node_matrix_open(h, &m->interactions));
  return comm_agree(h->comm, find_lists(m, s, a));
}

/* Turns the panel's columns of the matrix into rows of users. */
static status panel(void *model, item_row first, int count) {
  users_model *m = model;
  const node_matrix *r = m->interactions;
  const int64_t from = r->item_offset[first], to = r->item_offset[first + count];
  memset(m->offset, 0, ((size_t)r->users + 2) * sizeof *m->offset);
  int64_t *next = m->offset + 1; /* while it is filled, user u's place stands at u + 1 */
  for (int64_t j = from; j < to; j++) next[r->user[j] + 1]++;
  for (int32_t u = 0; u < r->users; u++) next[u + 1] += next[u];
  for (int c = 0; c < count; c++)
    for (int64_t j = r->item_offset[first + c]; j < r->item_offset[first + c + 1]; j++)
      m->entry[next[r->user[j]]++] = (panel_entry){r->item_weight[j], c};
  return STATUS_OK;
}

static void score(void *model, int part, user_row from, int users, float *out) {
  const users_model *m = model;
  const users_part *lists = &m->part[part];
  memset(out, 0, (size_t)users * RECOMMENDER_PANEL * sizeof *out);
  for (int u = 0; u < users; u++) {
    float *row = out + (int64_t)u * RECOMMENDER_PANEL;
    for (int64_t k = lists->offset[from + u]; k < lists->offset[from + u + 1]; k++) {
      const neighbour near = lists->found[k];
      for (int64_t j = m->offset[near.row]; j < m->offset[near.row + 1]; j++)
        row[m->entry[j].column] += near.similarity * m->entry[j].weight;
    }
  }
}

static void give_back(void *model) {
  const users_model *m = model;
  if (m != NULL) node_matrix_close(m->interactions);
}

const recommender_kind users_recommender = {"users", fit, panel, score, give_back};
