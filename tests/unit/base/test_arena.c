#include "base/arena.h"

#include <string.h>

#include "support/suite.h"

static void blocks_are_zeroed_and_aligned(void) {
  arena a = {0};
  for (int i = 1; i < 2000; i += 7) {
    char *block = NULL;
    CU_ASSERT_EQUAL(ARENA(&a, i, &block), STATUS_OK);
    CU_ASSERT_EQUAL((uintptr_t)block % 64, 0);
    for (int j = 0; j < i; j++) CU_ASSERT_EQUAL(block[j], 0);
    memset(block, 0xAB, (size_t)i);
  }
  arena_free(&a);
}

static void release_gives_back_what_came_after_the_mark(void) {
  arena a = {0};
  char *kept = NULL, *dropped = NULL, *again = NULL;
  CU_ASSERT_EQUAL(ARENA(&a, 100, &kept), STATUS_OK);
  memset(kept, 1, 100);
  const arena_mark mark = arena_here(&a);
  CU_ASSERT_EQUAL(ARENA(&a, 100, &dropped), STATUS_OK);
  memset(dropped, 2, 100);
  CU_ASSERT_EQUAL(ARENA(&a, 10 << 20, &again), STATUS_OK);
  arena_release(&a, mark);
  CU_ASSERT_TRUE(arena_bytes(&a) < 10 << 20);
  CU_ASSERT_EQUAL(ARENA(&a, 100, &again), STATUS_OK);
  CU_ASSERT_PTR_EQUAL(again, dropped);
  CU_ASSERT_EQUAL(again[99], 0);
  CU_ASSERT_EQUAL(kept[99], 1);
  arena_free(&a);
}

static void release_to_an_empty_arena_frees_all(void) {
  arena a = {0};
  const arena_mark mark = arena_here(&a);
  char *block = NULL;
  CU_ASSERT_EQUAL(ARENA(&a, 5, &block), STATUS_OK);
  arena_release(&a, mark);
  CU_ASSERT_EQUAL(arena_bytes(&a), 0);
  arena_free(&a);
}

static void impossible_sizes_fail_with_a_sentence(void) {
  arena a = {0};
  double *block = NULL;
  CU_ASSERT_EQUAL(ARENA(&a, INT64_MAX, &block), STATUS_BUG);
  CU_ASSERT_PTR_NULL(block);
  CU_ASSERT_EQUAL(ARENA(&a, -1, &block), STATUS_BUG);
  CU_ASSERT_TRUE(strstr(status_text(), "out of memory") != NULL);
  arena_fail_after(1);
  CU_ASSERT_EQUAL(ARENA(&a, 1, &block), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&a, 1, &block), STATUS_BUG);
  arena_fail_after(-1);
  arena_free(&a);
}

static void texts_are_copied_and_printed(void) {
  arena a = {0};
  char *text = NULL;
  CU_ASSERT_EQUAL(arena_text(&a, "abcdef", 3, &text), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(text, "abc");
  CU_ASSERT_EQUAL(arena_print(&a, &text, "%05d-of-%s", 17, "64"), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(text, "00017-of-64");
  arena_free(&a);
}

int main(void) {
  const suite_test tests[] = {
      TEST(blocks_are_zeroed_and_aligned),       TEST(release_gives_back_what_came_after_the_mark),
      TEST(release_to_an_empty_arena_frees_all), TEST(impossible_sizes_fail_with_a_sentence),
      TEST(texts_are_copied_and_printed),
  };
  return SUITE_RUN("arena", tests);
}
