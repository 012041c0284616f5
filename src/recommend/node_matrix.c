#include "recommend/node_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/watchdog.h"
#include "comm/window.h"

enum { ROUND = 1 << 25 /* bytes that all ranks together bring to one gathering, about */ };

/* What `node_matrix` is the first member of. Matrices that are open stand in a list, the same on all ranks. */
typedef struct shared_matrix {
  node_matrix matrix;
  const history *history;
  window *window;
  int users; /* models that have it open */
  struct shared_matrix *next;
} shared_matrix;

static shared_matrix *opened;

typedef struct entry {
  item_row item;
  float weight;
} entry;

/* The arrays of the window; the same memory as the matrix's, to be written. */
typedef struct layout {
  int64_t *user_offset, *item_offset;
  item_row *item;
  int32_t *user;
  float *user_weight, *item_weight;
} layout;

static int64_t padded(int64_t bytes) { return (bytes + 63) / 64 * 64; }

static int64_t window_bytes(int64_t users, int64_t items, int64_t events) {
  return padded(8 * (users + 1)) + padded(8 * (items + 1)) + 4 * padded(4 * events) + 64;
}

static layout lay_out(char *memory, int64_t users, int64_t items, int64_t events) {
  layout l;
  l.user_offset = (int64_t *)memory;
  memory += padded(8 * (users + 1));
  l.item_offset = (int64_t *)memory;
  memory += padded(8 * (items + 1));
  l.item = (item_row *)memory;
  l.user = (int32_t *)(memory + padded(4 * events));
  l.user_weight = (float *)(memory + 2 * padded(4 * events));
  l.item_weight = (float *)(memory + 3 * padded(4 * events));
  return l;
}

/* Entries of one rank, in order of its partitions, taken a piece at a time. */
typedef struct source {
  const history *history;
  int part;
  int64_t at;
} source;

static int64_t take_entries(source *from, entry *out, int64_t most) {
  int64_t count = 0;
  while (count < most && from->part < from->history->count) {
    const als_interactions *seen = &from->history->seen[from->part];
    for (; count < most && from->at < seen->offset[seen->count]; from->at++)
      out[count++] = (entry){seen->item[from->at], seen->weight != NULL ? seen->weight[from->at] : 1};
    if (from->at < seen->offset[seen->count]) break;
    from->part++;
    from->at = 0;
  }
  return count;
}

/* The entries of all ranks into by-user order, a round at a time, so that no rank holds them all beside the window. */
static status move_entries(const history *h, const int64_t *entries, layout *l, int writes, arena *a) {
  const comm *c = h->comm;
  const int64_t most = ROUND / (int64_t)sizeof(entry) / c->size + 1;
  entry *mine = NULL;
  int64_t *to = NULL, longest = 0;
  TRY_ALL(c, ARENA(a, most, &mine));
  TRY_ALL(c, ARENA(a, c->size + 1, &to));
  for (int r = 0; r < c->size; r++) {
    to[r + 1] = to[r] + entries[r];
    if (entries[r] > longest) longest = entries[r];
  }
  source from = {h, 0, 0};
  for (int64_t done = 0; done < longest; done += most) {
    const arena_mark mark = arena_here(a);
    const int64_t count = take_entries(&from, mine, most);
    entry *all = NULL;
    int64_t *offset = NULL;
    TRY(comm_gather_all(c, mine, count * (int64_t)sizeof *mine, a, (void **)&all, &offset));
    for (int r = 0; writes && r < c->size; r++)
      for (int64_t j = offset[r] / (int64_t)sizeof *all; j < offset[r + 1] / (int64_t)sizeof *all; j++) {
        l->item[to[r]] = all[j].item;
        l->user_weight[to[r]++] = all[j].weight;
      }
    arena_release(a, mark);
    watchdog_pulse();
  }
  return STATUS_OK;
}

/* How many interactions each user has, on every rank. */
static status gather_counts(const history *h, arena *a, int32_t **counts) {
  int32_t *mine = NULL;
  int64_t at = 0, users = 0, *offset = NULL;
  for (int p = 0; p < h->count; p++) users += h->seen[p].count;
  TRY_ALL(h->comm, ARENA(a, users, &mine));
  for (int p = 0; p < h->count; p++)
    for (int32_t u = 0; u < h->seen[p].count; u++)
      mine[at++] = (int32_t)(h->seen[p].offset[u + 1] - h->seen[p].offset[u]);
  return comm_gather_all(h->comm, mine, users * (int64_t)sizeof *mine, a, (void **)counts, &offset);
}

static void index_items(const node_matrix *m, layout *l, int64_t *next) {
  const int64_t events = m->user_offset[m->users];
  for (int64_t j = 0; j < events; j++) l->item_offset[m->item[j] + 1]++;
  for (item_row i = 0; i < m->items; i++) l->item_offset[i + 1] += l->item_offset[i];
  memcpy(next, l->item_offset, (size_t)m->items * sizeof *next);
  for (int32_t u = 0; u < m->users; u++)
    for (int64_t j = m->user_offset[u]; j < m->user_offset[u + 1]; j++) {
      const int64_t to = next[m->item[j]]++;
      l->user[to] = u;
      l->item_weight[to] = m->user_weight[j];
    }
}

static status fill(const history *h, shared_matrix *s, arena *a) {
  const comm *c = h->comm;
  int64_t mine = 0, events = 0, *entries = NULL, *offset = NULL, *next = NULL;
  int32_t *counts = NULL;
  for (int p = 0; p < h->count; p++) mine += h->seen[p].offset[h->seen[p].count];
  TRY(comm_gather_all(c, &mine, sizeof mine, a, (void **)&entries, &offset));
  for (int r = 0; r < c->size; r++) events += entries[r];
  TRY(gather_counts(h, a, &counts));
  const int64_t users = s->matrix.users;
  TRY(window_create(c, window_bytes(users, h->items, events), &s->window));
  const int writes = window_is_writer(s->window);
  layout l = lay_out((char *)window_memory(s->window), users, h->items, events);
  TRY(move_entries(h, entries, &l, writes, a));
  s->matrix = (node_matrix){s->matrix.users, h->items,      l.user_offset, l.item,
                            l.user_weight,   l.item_offset, l.user,        l.item_weight};
  TRY_ALL(c, writes ? ARENA(a, h->items, &next) : STATUS_OK);
  if (writes) {
    l.user_offset[0] = 0;
    for (int64_t u = 0; u < users; u++) l.user_offset[u + 1] = l.user_offset[u] + counts[u];
    memset(l.item_offset, 0, ((size_t)h->items + 1) * sizeof *l.item_offset);
    index_items(&s->matrix, &l, next);
  }
  window_fence(s->window);
  return STATUS_OK;
}

static status build(const history *h, shared_matrix *s) {
  const int64_t users = h->user_start[h->user_parts];
  if (users > INT32_MAX)
    return status_fail(
        STATUS_SETTINGS,
        "models of neighbours and spectra know 2^31 users at most, these are %lld: leave those models out",
        (long long)users);
  s->matrix.users = (int32_t)users;
  s->history = h;
  arena scratch = {0};
  const status result = fill(h, s, &scratch);
  arena_free(&scratch);
  return result;
}

status node_matrix_open(const history *h, const node_matrix **out) {
  *out = NULL;
  shared_matrix *s = opened;
  while (s != NULL && s->history != h) s = s->next;
  if (s == NULL) {
    s = calloc(1, sizeof *s);
    TRY_ALL(h->comm, s != NULL ? STATUS_OK : status_fail(STATUS_BUG, "out of memory for a matrix of interactions"));
    const status built = build(h, s);
    if (built != STATUS_OK) {
      window_free(s->window);
      free(s);
      return built;
    }
    s->next = opened;
    opened = s;
  }
  s->users++;
  *out = &s->matrix;
  return STATUS_OK;
}

void node_matrix_close(const node_matrix *m) {
  if (m == NULL) return;
  shared_matrix **at = &opened;
  while (&(*at)->matrix != m) at = &(*at)->next;
  shared_matrix *s = *at;
  if (--s->users > 0) return;
  *at = s->next;
  window_free(s->window);
  free(s);
}
