#include "text/rnnlg.h"

#include "support/suite.h"

static arena memory;

static const char *normal(const char *sentence) {
  char *out = NULL;
  CU_ASSERT_EQUAL_FATAL(rnnlg_normalise(sentence, &memory, &out), STATUS_OK);
  return out;
}

static meaning act(const char *text) {
  meaning m;
  CU_ASSERT_EQUAL_FATAL(meaning_read_rnnlg(text, &memory, &m), STATUS_OK);
  return m;
}

static const char *hide(const meaning *m, const char *text, int all) {
  char *out = NULL;
  CU_ASSERT_EQUAL_FATAL(meaning_hide(m, text, all, &memory, &out), STATUS_OK);
  return out;
}

static const char *fill(const meaning *m, const char *text, int all) {
  char *out = NULL;
  CU_ASSERT_EQUAL_FATAL(meaning_fill(m, text, "hotel", all, &memory, &out), STATUS_OK);
  return out;
}

static const char *key(const meaning *m) {
  lexicon l;
  word_ids ids;
  char *out = NULL;
  CU_ASSERT_EQUAL_FATAL(lexicon_create(&memory, &l), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(meaning_features(m, &l, 1, &memory, &ids, &out), STATUS_OK);
  CU_ASSERT_EQUAL(ids.count, l.count);
  return out;
}

static void sentences_become_what_the_repository_makes_of_them(void) {
  CU_ASSERT_STRING_EQUAL(normal("The Mill doesn't allow kids ."), "the mill does not allow kid -s");
  CU_ASSERT_STRING_EQUAL(normal("its phone is (415) 555-2800, its price is 12.50!"),
                         "its phone is 4155552800 , its price is 12.50 !");
  CU_ASSERT_STRING_EQUAL(normal("cafe \"one\" / two; near 5 800 st ?"), "cafe one and two , near 5800 street");
  CU_ASSERT_STRING_EQUAL(normal("'that's  it' he said"), "that is it he said");
  CU_ASSERT_STRING_EQUAL(normal("joe's diner"), "joe 's diner");
  CU_ASSERT_STRING_EQUAL(normal(""), "");
}

static void acts_name_their_slots(void) {
  const meaning m = act("inform(name='red door cafe';good for meal=\"lunch or dinner\";kids_allowed=false;food)");
  CU_ASSERT_STRING_EQUAL(m.act, "inform");
  CU_ASSERT_EQUAL_FATAL(m.count, 4);
  CU_ASSERT_STRING_EQUAL(m.slot[1].name, "goodformeal");
  CU_ASSERT_STRING_EQUAL(m.slot[1].value, "lunch or dinner");
  CU_ASSERT_STRING_EQUAL(m.slot[2].value, "no");
  CU_ASSERT_STRING_EQUAL(m.slot[3].value, "?");
  CU_ASSERT_TRUE(m.slot[0].is_open && m.slot[1].is_open && !m.slot[2].is_open && !m.slot[3].is_open);
  CU_ASSERT_STRING_EQUAL(key(&m), "|a.inform|sv.food.?|sv.goodformeal._1|sv.kidsallowed.no|sv.name._1");
  const meaning none = act("goodbye()");
  CU_ASSERT_EQUAL(none.count, 0);
  meaning bad;
  CU_ASSERT_EQUAL(meaning_read_rnnlg("goodbye", &memory, &bad), STATUS_DATA);
}

static void open_values_hide_and_come_back(void) {
  const meaning m = act("inform(name='lunch place';goodformeal='lunch or dinner';near='lunch')");
  const char *hidden = hide(&m, "lunch place near lunch is good for dinner and lunch", 0);
  CU_ASSERT_STRING_EQUAL(hidden, "SLOT_NAME near SLOT_NEAR is good for SLOT_GOODFORMEAL");
  CU_ASSERT_STRING_EQUAL(fill(&m, hidden, 0), "lunch place near lunch is good for lunch or dinner");
  CU_ASSERT_STRING_EQUAL(fill(&m, "a SLOT_TYPE and a SLOT_PHONE", 0), "a hotel and a SLOT_PHONE");
  CU_ASSERT_STRING_EQUAL(fill(&m, "SLOT_NEAR or SLOT_NEAR", 0), "lunch or SLOT_NEAR");
  CU_ASSERT_STRING_EQUAL(fill(&m, "SLOT_NEAR or SLOT_NEAR", 1), "lunch or lunch");
  CU_ASSERT_STRING_EQUAL(hide(&m, "lunches lunch lunch", 0), "lunches SLOT_NEAR lunch");
  CU_ASSERT_STRING_EQUAL(hide(&m, "lunches lunch lunch", 1), "lunches SLOT_NEAR SLOT_NEAR");
}

static void meaning_representations_are_acts_too(void) {
  meaning m, bad;
  CU_ASSERT_EQUAL_FATAL(
      meaning_read_e2e("name[Blue Spice], customer rating[5 out of 5], near[Caf\303\251 Rouge]", &memory, &m),
      STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(m.count, 3);
  CU_ASSERT_STRING_EQUAL(m.slot[0].value, "blue spice");
  CU_ASSERT_STRING_EQUAL(m.slot[1].name, "customerrating");
  CU_ASSERT_TRUE(m.slot[0].is_open && !m.slot[1].is_open && m.slot[2].is_open);
  CU_ASSERT_STRING_EQUAL(key(&m), "|a.inform|sv.customerrating.5 out of 5|sv.name._1|sv.near._1");
  CU_ASSERT_EQUAL(meaning_read_e2e("name[Blue Spice", &memory, &bad), STATUS_DATA);
}

static void errors_are_missing_and_redundant_slots(void) {
  const meaning m = act("inform(name=a;name=b;phone=1;kidsallowed=yes)");
  rnnlg_error e = rnnlg_errors(&m, "SLOT_NAME and SLOT_NAME : SLOT_PHONE , kid -s welcome");
  CU_ASSERT_TRUE(e.slots == 4 && e.wrong == 0 && e.open == 0);
  e = rnnlg_errors(&m, "SLOT_NAME : SLOT_PHONE SLOT_PHONE SLOT_AREA wifi");
  CU_ASSERT_TRUE(e.slots == 4 && e.wrong == 5 && e.open == 3);
  const meaning select = act("?select(name=a;name=b)");
  e = rnnlg_errors(&select, "");
  CU_ASSERT_TRUE(e.slots == 0 && e.wrong == 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(sentences_become_what_the_repository_makes_of_them),
      TEST(acts_name_their_slots),
      TEST(open_values_hide_and_come_back),
      TEST(meaning_representations_are_acts_too),
      TEST(errors_are_missing_and_redundant_slots),
  };
  const int code = SUITE_RUN("rnnlg", tests);
  arena_free(&memory);
  return code;
}
