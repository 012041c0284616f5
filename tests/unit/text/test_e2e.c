#include "text/e2e.h"

#include "support/suite.h"

static arena memory;
static e2e *patterns;

static void check(const char *mr, const char *hidden, int missing, int added, int wrong) {
  meaning m;
  CU_ASSERT_EQUAL_FATAL(meaning_read_e2e(mr, &memory, &m), STATUS_OK);
  const e2e_error e = e2e_errors(patterns, &m, hidden);
  CU_ASSERT_EQUAL(e.slots, m.count);
  CU_ASSERT_EQUAL(e.missing, missing);
  CU_ASSERT_EQUAL(e.added, added);
  CU_ASSERT_EQUAL(e.wrong, wrong);
}

static void what_is_said_is_found(void) {
  check(
      "name[The Mill], eatType[pub], food[Fast food], priceRange[\302\24320-25], customer rating[3 out of 5], "
      "area[riverside], familyFriendly[no], near[Raja Indian Cuisine]",
      "SLOT_NAME is a fast food pub near SLOT_NEAR by the river . it is not family-friendly , costs \302\243 20 - 25 "
      "and "
      "has a 3 star rating .",
      0, 0, 0);
  check("name[The Mill], eatType[coffee shop], familyFriendly[yes], customer rating[high]",
        "SLOT_NAME is a highly rated family friendly caf\303\251 where kids are welcome", 0, 0, 0);
}

static void what_is_not_said_is_missing(void) {
  check("name[The Mill], food[French], area[city centre]", "a place in the centre of town", 2, 0, 0);
}

static void what_nobody_asked_for_is_added(void) {
  check("name[The Mill]", "SLOT_NAME near SLOT_NEAR is a cheap pub", 0, 3, 0);
}

static void another_value_is_wrong(void) {
  check("name[The Mill], food[French]", "SLOT_NAME serves italian food", 0, 0, 1);
  check("name[The Mill], familyFriendly[yes]", "SLOT_NAME is not family-friendly", 0, 0, 1);
}

/* Affordable may be cheap, under 20, moderate or 20 to 25; inexpensive is not expensive. */
static void words_that_may_stand_for_several_values_stand_for_the_one_asked_for(void) {
  check("name[The Mill], priceRange[less than \302\24320]", "SLOT_NAME is affordable", 0, 0, 0);
  check("name[The Mill], priceRange[moderate]", "SLOT_NAME is affordable", 0, 0, 0);
  check("name[The Mill]", "SLOT_NAME is affordable", 0, 1, 0);
  check("name[The Mill], priceRange[cheap]", "SLOT_NAME is inexpensive", 0, 0, 0);
  check("name[The Mill], customer rating[5 out of 5]", "SLOT_NAME is a five star place", 0, 0, 0);
  check("name[The Mill], customer rating[high]", "SLOT_NAME is a five star place", 0, 0, 0);
}

int main(void) {
  if (e2e_open(&patterns) != STATUS_OK) return 1;
  const suite_test tests[] = {
      TEST(what_is_said_is_found),
      TEST(what_is_not_said_is_missing),
      TEST(what_nobody_asked_for_is_added),
      TEST(another_value_is_wrong),
      TEST(words_that_may_stand_for_several_values_stand_for_the_one_asked_for),
  };
  const int code = SUITE_RUN("e2e", tests);
  e2e_close(patterns);
  arena_free(&memory);
  return code;
}
