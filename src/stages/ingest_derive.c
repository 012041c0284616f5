/* A catalogue from what the rows of events say: counts go to each item's owner, who decides. Counts are exact, so the
 * result does not depend on who counted what. */
#include <stdlib.h>
#include <string.h>

#include "stages/ingest_catalogue.h"

typedef enum saying { SAYS_NAME, SAYS_TITLE, SAYS_PRICE } saying;

/* What rows of one rank say about an item; the text follows, padded. */
typedef struct claim {
  item_id id;
  int64_t tally, price;
  int32_t says, length;
} claim;

/* What the owner decided; name and title follow, padded. */
typedef struct verdict {
  item_id id;
  int64_t price;
  int32_t name_length, title_length;
} verdict;

static int owner_of(item_id id, int size) { return (int)(id.high % (uint64_t)size); }
static const char *text_after(const void *record, size_t size) { return (const char *)record + size; }

static status pack_claim(ingest_buffer *to, claim head, const char *text) {
  head.length = (int32_t)strlen(text);
  void *place = NULL;
  TRY(ingest_buffer_add(to, &head, sizeof head));
  TRY(ingest_buffer_take(to, ingest_buffer_padded(head.length), &place));
  memcpy(place, text, (size_t)head.length);
  return STATUS_OK;
}

static item_id item_at(const ingest_rows *rows, uint64_t place) {
  const user_id key = ingest_table_at(&rows->items, (int64_t)place)->key;
  return (item_id){key.high, key.low};
}

static status pack_claims(const ingest_rows *rows, int size, int has_titles, ingest_buffer *to) {
  for (int64_t i = 0; i < rows->items.count; i++) {
    const claim head = {.id = item_at(rows, (uint64_t)i), .tally = 1, .says = SAYS_NAME};
    TRY(pack_claim(&to[owner_of(head.id, size)], head, ingest_table_name(&rows->items, i)));
    if (has_titles) continue;
    const claim title = {.id = head.id, .tally = 1, .says = SAYS_TITLE};
    TRY(pack_claim(&to[owner_of(head.id, size)], title, ingest_table_name(&rows->items, i)));
  }
  for (int64_t i = 0; i < rows->votes.count; i++) {
    const ingest_entry *vote = ingest_table_at(&rows->votes, i);
    const claim head = {.id = item_at(rows, vote->key.high), .tally = vote->tally, .says = SAYS_TITLE};
    TRY(pack_claim(&to[owner_of(head.id, size)], head, ingest_table_name(&rows->titles, (int64_t)vote->key.low)));
  }
  for (int64_t i = 0; i < rows->prices.count; i++) {
    const ingest_entry *price = ingest_table_at(&rows->prices, i);
    const claim head = {.id = item_at(rows, price->key.high),
                        .tally = price->tally,
                        .price = (int64_t)price->key.low,
                        .says = SAYS_PRICE};
    TRY(pack_claim(&to[owner_of(head.id, size)], head, ""));
  }
  return STATUS_OK;
}

static int compare_claims(const void *a, const void *b) {
  const claim *x = *(const claim *const *)a, *y = *(const claim *const *)b;
  const int order = item_id_compare(x->id, y->id);
  if (order != 0) return order;
  if (x->says != y->says) return x->says < y->says ? -1 : 1;
  return (x->price > y->price) - (x->price < y->price);
}

/* The claims in a received block, as pointers in order. */
static status sort_claims(const char *bytes, int64_t size, arena *a, claim ***out, int64_t *count) {
  *count = 0;
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) TRY(ARENA(a, *count, out));
    *count = 0;
    for (int64_t at = 0; at < size;) {
      claim *c = (claim *)(uintptr_t)(bytes + at);
      if (pass == 1) (*out)[*count] = c;
      (*count)++;
      at += (int64_t)sizeof *c + ingest_buffer_padded(c->length);
    }
  }
  qsort(*out, (size_t)*count, sizeof **out, compare_claims);
  return STATUS_OK;
}

typedef struct ballot {
  char *title;
  int64_t tally;
} ballot;

static int compare_ballots(const void *a, const void *b) {
  return strcmp(((const ballot *)a)->title, ((const ballot *)b)->title);
}

/* Spellings that normalise to the same title vote together. *best is NULL where no title is left. */
static status elect_title(const stage *s, claim **claims, int64_t count, arena *a, const char **best) {
  *best = NULL;
  ballot *ballots = NULL;
  TRY(ARENA(a, count, &ballots));
  int64_t total = 0;
  for (int64_t i = 0; i < count; i++) {
    char *title = NULL;
    TRY(ingest_catalogue_title(s, text_after(claims[i], sizeof(claim)), &title));
    if (title != NULL) ballots[total++] = (ballot){title, claims[i]->tally};
  }
  qsort(ballots, (size_t)total, sizeof *ballots, compare_ballots);
  int64_t most = 0;
  for (int64_t i = 0, next = 0; i < total; i = next) {
    int64_t tally = 0;
    for (next = i; next < total && strcmp(ballots[next].title, ballots[i].title) == 0; next++)
      tally += ballots[next].tally;
    if (tally <= most) continue;
    most = tally;
    *best = ballots[i].title;
  }
  return STATUS_OK;
}

/* Claims ascend by price. */
static int64_t median_price(claim *const *claims, int64_t count) {
  int64_t total = 0, below = 0;
  for (int64_t i = 0; i < count; i++) total += claims[i]->tally;
  for (int64_t i = 0; i < count; i++) {
    below += claims[i]->tally;
    if (below >= (total + 1) / 2) return claims[i]->price;
  }
  return CATALOGUE_NO_PRICE;
}

/* Claims [0, count) are all about one item. */
static status judge_item(const stage *s, claim **claims, int64_t count, arena *a, ingest_buffer *out,
                         int64_t *without_title) {
  int64_t titles = 0, prices = 0;
  while (titles < count && claims[titles]->says < SAYS_TITLE) titles++;
  for (prices = titles; prices < count && claims[prices]->says < SAYS_PRICE;) prices++;
  const char *title = NULL, *name = text_after(claims[0], sizeof(claim));
  TRY(elect_title(s, claims + titles, prices - titles, a, &title));
  if (title == NULL) {
    ++*without_title;
    return STATUS_OK;
  }
  const verdict head = {.id = claims[0]->id,
                        .price = median_price(claims + prices, count - prices),
                        .name_length = (int32_t)strlen(name),
                        .title_length = (int32_t)strlen(title)};
  void *place = NULL;
  TRY(ingest_buffer_add(out, &head, sizeof head));
  TRY(ingest_buffer_take(out, ingest_buffer_padded(head.name_length), &place));
  memcpy(place, name, (size_t)head.name_length);
  TRY(ingest_buffer_take(out, ingest_buffer_padded(head.title_length), &place));
  memcpy(place, title, (size_t)head.title_length);
  return STATUS_OK;
}

static status judge_all(const stage *s, const char *bytes, int64_t size, arena *a, ingest_buffer *out,
                        int64_t *without_title) {
  claim **claims = NULL;
  int64_t count = 0;
  TRY(sort_claims(bytes, size, a, &claims, &count));
  for (int64_t i = 0, next = 0; i < count; i = next) {
    for (next = i; next < count && item_id_compare(claims[next]->id, claims[i]->id) == 0;) next++;
    TRY(judge_item(s, claims + i, next - i, a, out, without_title));
  }
  return STATUS_OK;
}

static status build(const stage *s, const char *bytes, int64_t size, catalogue *out) {
  const language l = (language)settings_choice(s->settings, "language");
  const uint8_t kind = (uint8_t)settings_choice(s->settings, "inputs.catalogue.domain");
  ingest_item *items = NULL;
  int64_t count = 0;
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) TRY(ARENA(s->arena, count, &items));
    count = 0;
    for (int64_t at = 0; at < size; count++) {
      const verdict *v = (const verdict *)(uintptr_t)(bytes + at);
      const char *name = text_after(v, sizeof *v), *title = name + ingest_buffer_padded(v->name_length);
      at += (int64_t)sizeof *v + ingest_buffer_padded(v->name_length) + ingest_buffer_padded(v->title_length);
      if (pass == 0) continue;
      items[count] = (ingest_item){.id = v->id,
                                   .name = name,
                                   .price = v->price,
                                   .old_price = CATALOGUE_NO_PRICE,
                                   .added = CATALOGUE_NO_TIME,
                                   .domain = kind,
                                   .available = 1};
      items[count].title[l] = title;
    }
  }
  return ingest_catalogue_build(items, count, s->arena, out);
}

status ingest_catalogue_derive(const stage *s, const ingest_rows *rows, int64_t *without_title, catalogue *out) {
  const comm *c = s->comm;
  const int has_titles = settings_text(s->settings, "inputs.interactions.columns.title")[0] != '\0';
  arena memory = {0};
  ingest_buffer *to = NULL, verdicts = {0};
  char *send = NULL, *received = NULL, *all = NULL;
  int64_t *send_offset = NULL, *offset = NULL;
  status result = STATUS_OK;
  *without_title = 0;
  TRY_ALL_DONE(c, result, ARENA(&memory, c->size, &to));
  TRY_ALL_DONE(c, result, pack_claims(rows, c->size, has_titles, to));
  TRY_ALL_DONE(c, result, ingest_buffer_join(to, c->size, &memory, &send, &send_offset));
  TRY_DONE(result, comm_exchange(c, send, send_offset, &memory, (void **)&received, &offset));
  TRY_ALL_DONE(c, result, judge_all(s, received, offset[c->size], &memory, &verdicts, without_title));
  TRY_DONE(result, comm_gather_all(c, verdicts.bytes, verdicts.used, &memory, (void **)&all, &offset));
  TRY_ALL_DONE(c, result, build(s, all, offset[c->size], out));
  comm_sum_i64(c, without_title, 1);
done:
  for (int r = 0; to != NULL && r < c->size; r++) ingest_buffer_free(&to[r]);
  ingest_buffer_free(&verdicts);
  arena_free(&memory);
  return result;
}
