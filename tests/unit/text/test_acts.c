#include "text/acts.h"

#include "support/suite.h"

static void a_slot_may_follow_the_act_that_it_stands_for(void) {
  CU_ASSERT_TRUE(acts_hold("You bought <bought>. How about <title>?", LANGUAGE_EN));
  CU_ASSERT_TRUE(acts_hold("Because you looked at <viewed>: <title>.", LANGUAGE_EN));
  CU_ASSERT_TRUE(acts_hold("Take a look at <title>.", LANGUAGE_EN));
  CU_ASSERT_TRUE(acts_hold("你看过《<viewed>》，也看看《<title>》。", LANGUAGE_ZH));
  CU_ASSERT_TRUE(acts_hold("感谢购买<bought>，<title>也许适合你。", LANGUAGE_ZH));
  CU_ASSERT_TRUE(acts_hold("这几天很多人看了<title>。", LANGUAGE_ZH));
}

static void no_slot_may_follow_another_act(void) {
  CU_ASSERT_FALSE(acts_hold("You bought <title>.", LANGUAGE_EN));
  CU_ASSERT_FALSE(acts_hold("[Our pick] you looked at <title> too.", LANGUAGE_EN));
  CU_ASSERT_FALSE(acts_hold("You took a look at <title>.", LANGUAGE_EN));
  CU_ASSERT_FALSE(acts_hold("You liked <viewed>: <title>.", LANGUAGE_EN));
  CU_ASSERT_FALSE(acts_hold("你看过《<title>》，有空看看吧。", LANGUAGE_ZH));
  CU_ASSERT_FALSE(acts_hold("你买过的<viewed>，配<title>。", LANGUAGE_ZH));
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_slot_may_follow_the_act_that_it_stands_for),
      TEST(no_slot_may_follow_another_act),
  };
  return SUITE_RUN("acts", tests);
}
