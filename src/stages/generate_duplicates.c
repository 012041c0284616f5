#include "stages/generate_duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "text/normalise.h"

/* A user at a template's door. */
typedef struct claim {
  uint64_t hash;
  user_id user;
  int32_t rank;    /* whose user it is */
  int32_t settled; /* 1: chosen in an earlier wave, cannot be turned away any more */
  int64_t wish;    /* index of the user's wishes on that rank */
} claim;

struct generate_duplicates {
  const comm *comm;
  int64_t cap;
  claim *held; /* [held_count], of templates that live here, ascending by claim_compare */
  int64_t held_count;
};

/* 1 for a letter, digit or ideograph; what lies between them (marks, arrows, emoji) does not tell texts apart. */
static int is_letter(uint32_t c) {
  if (c < 0x80)
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '<' || c == '>';
  return c >= 0xC0 && !(c >= 0x2000 && c < 0x2C00) && !(c >= 0x3000 && c < 0x3040) && !(c >= 0xFE00 && c < 0xFE70) &&
         !(c >= 0xFF00 && c < 0xFF10) && !(c >= 0x1F000 && c < 0x20000);
}

status generate_duplicates_hash(const char *template_text, arena *scratch, uint64_t *out) {
  char *form = NULL;
  TRY(normalise_match(template_text, scratch, &form));
  char *end = form;
  for (const unsigned char *p = (const unsigned char *)form; *p != '\0';) {
    const int length = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
    uint32_t c = length == 1 ? *p : *p & (0x7Fu >> length);
    for (int i = 1; i < length; i++) c = c << 6 | (p[i] & 0x3Fu);
    if (is_letter(c)) {
      memmove(end, p, (size_t)length);
      end += length;
    }
    p += length;
  }
  *out = hash_bytes(form, (size_t)(end - form), 0);
  return STATUS_OK;
}

status generate_duplicates_create(const comm *c, int64_t cap, arena *a, generate_duplicates **out) {
  TRY(ARENA(a, 1, out));
  (*out)->comm = c;
  (*out)->cap = cap;
  return STATUS_OK;
}

void generate_duplicates_free(generate_duplicates *d) {
  if (d != NULL) free(d->held);
}

/* By template, then those who cannot be turned away, then by user. */
static int claim_compare(const void *left, const void *right) {
  const claim *a = left, *b = right;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  if (a->settled != b->settled) return b->settled - a->settled;
  return user_id_compare(a->user, b->user);
}

static int owner_of(uint64_t hash, int size) { return (int)(hash % (uint64_t)size); }

/* Local. The claims of everybody who holds no template and still has a wish, in blocks by owner.
 * next[i]: the wish that user i is at; waiting[i]: 1 if it holds none. */
static status collect(const generate_duplicates *d, const generate_wish *wishes, int64_t count, const uint64_t *hash,
                      const int32_t *next, const uint8_t *waiting, arena *scratch, claim **out, int64_t **offset,
                      int64_t *total) {
  const int size = d->comm->size;
  int64_t *at = NULL;
  TRY(ARENA(scratch, size + 1, offset));
  TRY(ARENA(scratch, size + 1, &at));
  *total = 0;
  for (int64_t i = 0; i < count; i++)
    if (waiting[i] && next[i] < wishes[i].count) {
      at[owner_of(hash[wishes[i].first + next[i]], size) + 1]++;
      ++*total;
    }
  for (int r = 0; r < size; r++) at[r + 1] += at[r];
  for (int r = 0; r <= size; r++) (*offset)[r] = at[r] * (int64_t)sizeof(claim);
  TRY(ARENA(scratch, *total, out));
  for (int64_t i = 0; i < count; i++)
    if (waiting[i] && next[i] < wishes[i].count) {
      const uint64_t h = hash[wishes[i].first + next[i]];
      (*out)[at[owner_of(h, size)]++] = (claim){.hash = h, .user = wishes[i].user, .rank = d->comm->rank, .wish = i};
    }
  return STATUS_OK;
}

/* Local. Merges the new claims into those held and turns away whom a template has no room for. */
static status judge(generate_duplicates *d, int64_t quota, claim *fresh, int64_t fresh_count, arena *scratch,
                    claim **turned, int64_t *turned_count) {
  const int64_t all = d->held_count + fresh_count;
  claim *merged = malloc((size_t)(all > 0 ? all : 1) * sizeof *merged);
  if (merged == NULL) return status_fail(STATUS_BUG, "generate: out of memory for %lld claims", (long long)all);
  const status room = ARENA(scratch, all, turned);
  if (room != STATUS_OK) {
    free(merged);
    return room;
  }
  qsort(fresh, (size_t)fresh_count, sizeof *fresh, claim_compare);
  int64_t i = 0, j = 0, kept = 0, inside = 0;
  uint64_t last = 0;
  *turned_count = 0;
  while (i < d->held_count || j < fresh_count) {
    const int old = j == fresh_count || (i < d->held_count && claim_compare(&d->held[i], &fresh[j]) <= 0);
    const claim *one = old ? &d->held[i++] : &fresh[j++];
    inside = kept > 0 && one->hash == last ? inside : 0;
    if (one->settled || inside < quota) {
      merged[kept++] = *one;
      inside++;
      last = one->hash;
    } else {
      (*turned)[(*turned_count)++] = *one;
    }
  }
  free(d->held);
  d->held = merged;
  d->held_count = kept;
  return STATUS_OK;
}

/* Local. Sorts the users turned away into blocks by the rank that they come from. */
static status reply(const generate_duplicates *d, const claim *turned, int64_t count, arena *scratch, int64_t **out,
                    int64_t **offset) {
  const int size = d->comm->size;
  int64_t *at = NULL;
  TRY(ARENA(scratch, size + 1, offset));
  TRY(ARENA(scratch, size + 1, &at));
  TRY(ARENA(scratch, count, out));
  for (int64_t i = 0; i < count; i++) at[turned[i].rank + 1]++;
  for (int r = 0; r < size; r++) at[r + 1] += at[r];
  for (int r = 0; r <= size; r++) (*offset)[r] = at[r] * (int64_t)sizeof **out;
  for (int64_t i = 0; i < count; i++) (*out)[at[turned[i].rank]++] = turned[i].wish;
  return STATUS_OK;
}

/* Collective. One round of claims and answers. *made: claims of all ranks. */
static status propose(generate_duplicates *d, int64_t quota, const generate_wish *wishes, int64_t count,
                      const uint64_t *hash, int32_t *next, uint8_t *waiting, arena *scratch, int64_t *made) {
  claim *mine = NULL, *turned = NULL;
  int64_t *offset = NULL, *received_offset = NULL, turned_count = 0;
  void *received = NULL;
  TRY_ALL(d->comm, collect(d, wishes, count, hash, next, waiting, scratch, &mine, &offset, made));
  const int64_t own = *made;
  comm_sum_i64(d->comm, made, 1);
  if (*made == 0) return STATUS_OK;
  for (int64_t i = 0; i < own; i++) waiting[mine[i].wish] = 0;
  TRY(comm_exchange(d->comm, mine, offset, scratch, &received, &received_offset));
  int64_t *answer = NULL, *answer_offset = NULL;
  const int64_t arrived = received_offset[d->comm->size] / (int64_t)sizeof(claim);
  status mine_ok = judge(d, quota, received, arrived, scratch, &turned, &turned_count);
  if (mine_ok == STATUS_OK) mine_ok = reply(d, turned, turned_count, scratch, &answer, &answer_offset);
  TRY_ALL(d->comm, mine_ok);
  TRY(comm_exchange(d->comm, answer, answer_offset, scratch, &received, &received_offset));
  const int64_t *back = received, refused = received_offset[d->comm->size] / (int64_t)sizeof *back;
  for (int64_t i = 0; i < refused; i++) {
    waiting[back[i]] = 1;
    next[back[i]]++;
  }
  return STATUS_OK;
}

/* Collective. Claims and answers until nobody is left who could still ask; what is held then is settled. */
static status wave(generate_duplicates *d, int64_t quota, generate_wish *wishes, int64_t count, const uint64_t *hash,
                   arena *scratch) {
  const arena_mark mark = arena_here(scratch);
  int32_t *next = NULL;
  uint8_t *waiting = NULL;
  status taken = ARENA(scratch, count, &next);
  if (taken == STATUS_OK) taken = ARENA(scratch, count, &waiting);
  TRY_ALL(d->comm, taken);
  for (int64_t i = 0; i < count; i++) waiting[i] = wishes[i].choice < 0;
  int64_t made = 1;
  while (made > 0) {
    const arena_mark round = arena_here(scratch);
    TRY(propose(d, quota, wishes, count, hash, next, waiting, scratch, &made));
    arena_release(scratch, round);
  }
  for (int64_t i = 0; i < count; i++)
    if (wishes[i].choice < 0 && !waiting[i]) wishes[i].choice = next[i];
  for (int64_t i = 0; i < d->held_count; i++) d->held[i].settled = 1;
  arena_release(scratch, mark);
  return STATUS_OK;
}

status generate_duplicates_assign(generate_duplicates *d, generate_wish *wishes, int64_t count, const uint64_t *hash) {
  arena scratch = {0};
  for (int64_t i = 0; i < count; i++) wishes[i].choice = -1;
  status result = wave(d, 1, wishes, count, hash, &scratch);
  if (result == STATUS_OK) result = wave(d, d->cap, wishes, count, hash, &scratch);
  arena_free(&scratch);
  return result;
}

void generate_duplicates_count(const generate_duplicates *d, int64_t *distinct, int64_t *largest) {
  *distinct = 0;
  *largest = 0;
  for (int64_t i = 0, inside = 0; i < d->held_count; i++) {
    inside = i > 0 && d->held[i].hash == d->held[i - 1].hash ? inside + 1 : 1;
    *distinct += inside == 1;
    *largest = inside > *largest ? inside : *largest;
  }
  comm_sum_i64(d->comm, distinct, 1);
  comm_max_i64(d->comm, largest, 1);
}
