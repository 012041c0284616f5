#include "comm/node_table.h"

#include <string.h>

#include "comm/comm_blocks.h"
#include "comm/node_routes.h"
#include "comm/window.h"

enum { PIECE_BYTES = 1 << 20 /* of the rows that go to one rank at a time */ };

struct node_table {
  const comm *comm;
  node_table_options options;
  window *window;
  int *leader;             /* [size] of each rank's node */
  uint64_t *held;          /* bits of the rows that have a place here, … */
  int64_t *before;         /* … and how many of them before each word; NULL: all have */
  int64_t count;           /* rows that have one */
  node_routes all, needed; /* needed: none where all rows move */
  int moves_all;
  node_table_bytes bytes;
  int64_t piece;         /* rows of a message */
  float *send, *receive; /* rows on their way */
  int64_t *send_start, *receive_start;
};

static int64_t row_count(const node_table *t) { return t->options.start[t->comm->size]; }

static int64_t word_count(const node_table *t) { return (row_count(t) + NODE_ROUTES_WORD - 1) / NODE_ROUTES_WORD; }

static int64_t row_bytes(const node_table *t) { return t->options.width * (int64_t)sizeof(float); }

static status take_nodes(node_table *t, arena *a) {
  TRY(ARENA(a, t->comm->size, &t->leader));
  return ARENA(a, word_count(t) + 1, &t->held);
}

/* The rows that any rank of this node reads or owns. */
static void find_held(node_table *t) {
  const node_table_options *o = &t->options;
  for (int64_t row = o->start[t->comm->rank]; row < o->start[t->comm->rank + 1]; row++)
    t->held[row / NODE_ROUTES_WORD] |= (uint64_t)1 << (row % NODE_ROUTES_WORD);
  for (int64_t w = 0; w < word_count(t); w++) t->held[w] |= o->needed[w];
  window_union(t->window, t->held, word_count(t));
}

/* What moves: all rows, or those that are needed where that is asked for or much less. */
static status choose(node_table *t, arena *a) {
  const node_table_options *o = &t->options;
  const int64_t *leaders = comm_blocks_share(t->comm, window_leader(t->window));
  for (int r = 0; r < t->comm->size; r++) t->leader[r] = (int)leaders[r];
  TRY(node_routes_all(t->comm, o->start, t->leader, a, &t->all));
  t->bytes.all = t->bytes.needed = t->bytes.chosen = t->all.bytes * row_bytes(t);
  t->moves_all = 1;
  if (o->needed == NULL || o->moves == NODE_TABLE_ALL) return STATUS_OK;
  find_held(t);
  TRY(node_routes_needed(t->comm, o->start, t->leader, t->held, a, &t->needed));
  t->bytes.needed = t->needed.bytes * row_bytes(t);
  if (o->moves == NODE_TABLE_AUTO && (double)t->bytes.needed >= NODE_TABLE_SHARE * (double)t->bytes.all)
    return STATUS_OK;
  t->moves_all = 0;
  t->bytes.chosen = t->bytes.needed;
  return STATUS_OK;
}

static int64_t longest(const node_table *t, const node_route *route, const node_route *other) {
  int64_t rows = 0;
  for (int r = 0; r < t->comm->size; r++) {
    const int64_t one = route[r].count, two = other != NULL ? other[r].count : 0, most = one > two ? one : two;
    rows += most < t->piece ? most : t->piece;
  }
  return rows;
}

/* Room for one message to and from each partner. */
static status take_messages(node_table *t, arena *a) {
  t->piece = PIECE_BYTES / row_bytes(t) > 0 ? PIECE_BYTES / row_bytes(t) : 1;
  TRY(ARENA(a, longest(t, t->all.send, t->needed.send) * t->options.width, &t->send));
  TRY(ARENA(a, longest(t, t->all.receive, t->needed.receive) * t->options.width, &t->receive));
  TRY(ARENA(a, t->comm->size + 1, &t->send_start));
  return ARENA(a, t->comm->size + 1, &t->receive_start);
}

/* Places of the rows of this node. */
static status take_places(node_table *t, arena *a) {
  t->count = row_count(t);
  if (t->moves_all || t->options.whole) return STATUS_OK;
  TRY(ARENA(a, word_count(t) + 1, &t->before));
  for (int64_t w = 0; w < word_count(t); w++) t->before[w + 1] = t->before[w] + __builtin_popcountll(t->held[w]);
  t->count = t->before[word_count(t)];
  return STATUS_OK;
}

status node_table_create(const comm *c, const node_table_options *o, arena *a, node_table **out) {
  TRY_ALL(c, ARENA(a, 1, out));
  node_table *t = *out;
  t->comm = c;
  t->options = *o;
  TRY_ALL(c, take_nodes(t, a));
  TRY(window_open(c, &t->window));
  TRY(choose(t, a));
  TRY_ALL(c, take_messages(t, a));
  TRY_ALL(c, take_places(t, a));
  window_take(t->window, t->count * row_bytes(t));
  return STATUS_OK;
}

float *node_table_rows(const node_table *t) { return window_memory(t->window); }

int64_t node_table_place(const node_table *t, int64_t row) {
  if (t->before == NULL) return row;
  const int64_t word = row / NODE_ROUTES_WORD;
  const uint64_t below = ((uint64_t)1 << (row % NODE_ROUTES_WORD)) - 1;
  return t->before[word] + __builtin_popcountll(t->held[word] & below);
}

int64_t node_table_count(const node_table *t) { return t->count; }

node_table_bytes node_table_traffic(const node_table *t) { return t->bytes; }

int node_table_rank(const node_table *t) { return window_rank(t->window); }

int node_table_ranks(const node_table *t) { return window_size(t->window); }

int node_table_nodes(const node_table *t) {
  int nodes = 0;
  for (int r = 0; r < t->comm->size; r++) nodes += t->leader[r] == r;
  return nodes;
}

void node_table_fence(node_table *t) { window_fence(t->window); }

static float *stands(const node_table *t, const node_route *route, int owner, int64_t i) {
  const int64_t row = t->options.start[owner] + (route->row != NULL ? route->row[i] : i);
  return node_table_rows(t) + node_table_place(t, row) * t->options.width;
}

static int64_t count_now(const node_table *t, const node_route *route, int64_t done) {
  const int64_t left = route->count - done;
  return left <= 0 ? 0 : left < t->piece ? left : t->piece;
}

/* The next piece of what goes to everybody, and how much comes from everybody. */
static void pack(const node_table *t, const node_routes *routes, int64_t done) {
  const size_t bytes = (size_t)row_bytes(t);
  char *at = (char *)t->send;
  for (int r = 0; r < t->comm->size; r++) {
    const int64_t out = count_now(t, &routes->send[r], done), in = count_now(t, &routes->receive[r], done);
    for (int64_t i = 0; i < out; i++, at += bytes)
      memcpy(at, stands(t, &routes->send[r], t->comm->rank, done + i), bytes);
    t->send_start[r + 1] = at - (char *)t->send;
    t->receive_start[r + 1] = t->receive_start[r] + in * row_bytes(t);
  }
}

static void unpack(const node_table *t, const node_routes *routes, int64_t done) {
  const size_t bytes = (size_t)row_bytes(t);
  const char *at = (const char *)t->receive;
  for (int r = 0; r < t->comm->size; r++)
    for (int64_t i = 0; i < count_now(t, &routes->receive[r], done); i++, at += bytes)
      memcpy(stands(t, &routes->receive[r], r, done + i), at, bytes);
}

static void move(node_table *t, const node_routes *routes) {
  window_fence(t->window); /* nobody reads any more what comes now */
  for (int64_t done = 0;; done += t->piece) {
    pack(t, routes, done);
    if (t->send_start[t->comm->size] == 0 && t->receive_start[t->comm->size] == 0) break;
    comm_blocks_exchange(t->comm, (const char *)t->send, t->send_start, (char *)t->receive, t->receive_start);
    unpack(t, routes, done);
  }
  if (t->all.bytes > 0) window_fence(t->window);
}

void node_table_update(node_table *t) { move(t, t->moves_all ? &t->all : &t->needed); }

void node_table_complete(node_table *t) { move(t, &t->all); }

void node_table_free(node_table *t) {
  if (t != NULL) window_free(t->window);
}
