/* Interactions that stand behind the first 2^31 of a partition: kernels must reach them with offsets of 64 bits. The
 * arrays are files without content before the rows that are read, so they take address space and no memory. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/random.h"
#include "math/als.h"
#include "math/panel.h"
#include "support/suite.h"

enum { ITEMS = 40, USERS = 6, EACH = 17, WIDTH = 16, PAIRS = USERS * EACH };

/* One past what 32 bits with or without a sign can count. */
static const int64_t far = ((int64_t)1 << 32) + 12345;

/* The same rows of USERS twice: at the beginning of their arrays, and behind `far` events of nobody. */
typedef struct fixture {
  arena memory;
  als_interactions near, behind;
  void *map[3];
  float *other, *base, *table[2], *scratch, *score[2], *panel;
  float lambda[USERS];
} fixture;

/* An array of `far` zeros that occupies nothing, then `count` bytes of content. */
static void *beyond(const void *content, size_t count, void **map) {
  FILE *file = tmpfile();
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  const size_t before = (size_t)far * 4, bytes = before + count;
  CU_ASSERT_EQUAL_FATAL(ftruncate(fileno(file), (off_t)bytes), 0);
  *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
  fclose(file);
  CU_ASSERT_FATAL(*map != MAP_FAILED);
  memcpy((char *)*map + before, content, count);
  return *map;
}

static void release(fixture *f) {
  for (int i = 0; i < 3; i++) munmap(f->map[i], ((size_t)far + PAIRS) * 4);
  arena_free(&f->memory);
}

static void fill(fixture *f) {
  memset(f, 0, sizeof *f);
  arena *a = &f->memory;
  int64_t *offset[2] = {NULL, NULL};
  item_row *item = NULL;
  float *weight = NULL, *target = NULL;
  CU_ASSERT_EQUAL_FATAL(ARENA(a, USERS + 1, &offset[0]), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, USERS + 1, &offset[1]), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, PAIRS, &item), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, PAIRS, &weight), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, PAIRS, &target), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, ITEMS * WIDTH, &f->other), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, ITEMS * PANEL_WIDTH, &f->panel), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, WIDTH, &f->base), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, als_solve_scratch(WIDTH), &f->scratch), STATUS_OK);
  for (int i = 0; i < 2; i++) {
    CU_ASSERT_EQUAL_FATAL(ARENA(a, USERS * WIDTH, &f->table[i]), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(ARENA(a, USERS * PANEL_WIDTH, &f->score[i]), STATUS_OK);
  }
  random_stream r = random_open(6, RANDOM_TEST, 0, 0);
  for (int i = 0; i < ITEMS * WIDTH; i++) f->other[i] = random_normal(&r);
  for (int i = 0; i < ITEMS * PANEL_WIDTH; i++) f->panel[i] = random_normal(&r);
  for (int c = 0; c < WIDTH; c++) f->base[c] = 0.1f;
  for (int u = 0; u < USERS; u++) f->lambda[u] = 0.5f;
  for (int u = 0; u <= USERS; u++) offset[0][u] = u * EACH;
  for (int u = 0; u <= USERS; u++) offset[1][u] = far + u * EACH;
  for (int j = 0; j < PAIRS; j++) {
    item[j] = (item_row)(j % EACH * ITEMS / EACH);
    weight[j] = 0.5f + random_unit(&r);
    target[j] = random_unit(&r);
  }
  f->near = (als_interactions){.count = USERS, .offset = offset[0], .item = item, .weight = weight, .target = target};
  f->behind = (als_interactions){.count = USERS, .offset = offset[1]};
  f->behind.item = beyond(item, PAIRS * sizeof *item, &f->map[0]);
  f->behind.weight = beyond(weight, PAIRS * sizeof *weight, &f->map[1]);
  f->behind.target = beyond(target, PAIRS * sizeof *target, &f->map[2]);
}

static void rows_are_solved_from_events_behind_the_first_four_billion(void) {
  fixture f;
  fill(&f);
  als_solve_rows(&f.near, f.other, WIDTH, f.base, f.lambda, 3, f.table[0], NULL, f.scratch);
  als_solve_rows(&f.behind, f.other, WIDTH, f.base, f.lambda, 3, f.table[1], NULL, f.scratch);
  CU_ASSERT_NOT_EQUAL(f.table[0][0], 0);
  CU_ASSERT_EQUAL(memcmp(f.table[0], f.table[1], USERS * WIDTH * sizeof(float)), 0);
  const double loss = als_loss(&f.near, f.table[0], f.other, WIDTH);
  CU_ASSERT(loss > 0);
  CU_ASSERT_EQUAL(als_loss(&f.behind, f.table[0], f.other, WIDTH), loss);
  release(&f);
}

static void panels_are_scored_from_events_behind_the_first_four_billion(void) {
  fixture f;
  fill(&f);
  panel_score(&f.near, 0, USERS, f.panel, f.score[0]);
  panel_score(&f.behind, 0, USERS, f.panel, f.score[1]);
  CU_ASSERT_NOT_EQUAL(f.score[0][0], 0);
  CU_ASSERT_EQUAL(memcmp(f.score[0], f.score[1], USERS * PANEL_WIDTH * sizeof(float)), 0);
  release(&f);
}

int main(void) {
  const suite_test tests[] = {
      TEST(rows_are_solved_from_events_behind_the_first_four_billion),
      TEST(panels_are_scored_from_events_behind_the_first_four_billion),
  };
  return SUITE_RUN("offsets", tests);
}
