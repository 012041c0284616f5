#include "text/tokeniser.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "support/starter_copy.h"
#include "support/suite.h"
#include "text/codepoint.h"

static arena memory;
static copy starter;
static const char **lines;
static char *model;
static int64_t model_bytes;
static tokeniser *shared;

static int train_once(void) {
  if (shared) return 1;
  starter = starter_copy_load(TEST_DATA, &memory);
  if (ARENA(&memory, starter.count, &lines) != STATUS_OK) return 0;
  for (int64_t i = 0; i < starter.count; i++) lines[i] = starter.lines[i].text;
  return tokeniser_train(lines, starter.count, 4000, &memory, &model, &model_bytes) == STATUS_OK &&
         tokeniser_open(model, model_bytes, &shared) == STATUS_OK;
}

static void every_line_of_the_copy_comes_back_as_it_was_and_needs_no_bytes(void) {
  CU_ASSERT_FATAL(train_once());
  int64_t all = 0, fragments = 0, most = 0;
  for (int64_t i = 0; i < starter.count; i++) {
    const arena_mark here = arena_here(&memory);
    int32_t *tokens;
    int count;
    char *text;
    CU_ASSERT_EQUAL(tokeniser_encode(shared, lines[i], &memory, &tokens, &count), STATUS_OK);
    CU_ASSERT_EQUAL(tokeniser_decode(shared, tokens, count, &memory, &text), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(text, lines[i]);
    for (int k = 0; k < count; k++) fragments += tokeniser_is_byte(shared, tokens[k]);
    all += count;
    most = count > most ? count : most;
    arena_release(&memory, here);
  }
  CU_ASSERT_EQUAL(fragments, 0);
  printf("tokeniser: %d pieces, %.2f tokens a line, %d at most\n", tokeniser_size(shared),
         (double)all / (double)starter.count, (int)most);
}

static void the_same_lines_in_any_order_and_number_give_the_same_bytes(void) {
  CU_ASSERT_FATAL(train_once());
  const char **shuffled;
  CU_ASSERT_EQUAL_FATAL(ARENA(&memory, 2 * starter.count, &shuffled), STATUS_OK);
  for (int64_t i = 0; i < 2 * starter.count; i++) shuffled[i] = lines[(i * 1009 + 17) % starter.count];
  char *again;
  int64_t again_bytes;
  CU_ASSERT_EQUAL(tokeniser_train(shuffled, 2 * starter.count, 4000, &memory, &again, &again_bytes), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(again_bytes, model_bytes);
  CU_ASSERT_EQUAL(memcmp(again, model, (size_t)model_bytes), 0);
}

static void a_slot_is_one_token_wherever_it_stands(void) {
  CU_ASSERT_FATAL(train_once());
  for (int s = 0; s < SLOT_COUNT; s++) {
    char *text;
    int32_t *tokens;
    int count, found = 0;
    CU_ASSERT_EQUAL(arena_print(&memory, &text, "看看<%s>，for <%s>.", slot_name((slot)s), slot_name((slot)s)),
                    STATUS_OK);
    CU_ASSERT_EQUAL(tokeniser_encode(shared, text, &memory, &tokens, &count), STATUS_OK);
    for (int i = 0; i < count; i++) {
      found += tokens[i] == tokeniser_slot(shared, (slot)s);
      CU_ASSERT_EQUAL(strchr(tokeniser_piece(shared, tokens[i]), '<') != NULL,
                      tokeniser_slot_of(shared, tokens[i]) >= 0);
    }
    CU_ASSERT_EQUAL(found, 2);
    CU_ASSERT_EQUAL(tokeniser_slot_of(shared, tokeniser_slot(shared, (slot)s)), s);
  }
}

static void characters_that_were_never_seen_come_back_by_their_bytes(void) {
  CU_ASSERT_FATAL(train_once());
  const char *const texts[] = {"ÅÄÖ żółć", "龘靐齉", "🦄 x  two  spaces ", "", " ", "\t", "12,50 %"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    int32_t *tokens;
    int count;
    char *text;
    CU_ASSERT_EQUAL(tokeniser_encode(shared, texts[i], &memory, &tokens, &count), STATUS_OK);
    CU_ASSERT_EQUAL(tokeniser_decode(shared, tokens, count, &memory, &text), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(text, texts[i]);
  }
}

static void any_tokens_at_all_decode_to_utf8(void) {
  CU_ASSERT_FATAL(train_once());
  random_stream r = random_open(5, RANDOM_TEST, 0, 0);
  int dropped = 0;
  for (int round = 0; round < 3000; round++) {
    int32_t tokens[12];
    size_t bytes = 0;
    for (int i = 0; i < 12; i++) {
      tokens[i] = (int32_t)random_below(&r, round % 2 ? 280 : (uint32_t)tokeniser_size(shared));
      bytes += strlen(tokeniser_piece(shared, tokens[i]));
    }
    char *text;
    CU_ASSERT_EQUAL(tokeniser_decode(shared, tokens, 12, &memory, &text), STATUS_OK);
    const int64_t length = (int64_t)strlen(text);
    int64_t at = 0;
    while (at < length) CU_ASSERT_TRUE(codepoint_next(text, length, &at) >= 0);
    dropped += strlen(text) < bytes;
  }
  CU_ASSERT_TRUE(dropped > 1000);
}

static void control_tokens_have_no_text_and_byte_pieces_are_known(void) {
  CU_ASSERT_FATAL(train_once());
  CU_ASSERT_STRING_EQUAL(tokeniser_piece(shared, tokeniser_begin(shared)), "");
  CU_ASSERT_STRING_EQUAL(tokeniser_piece(shared, tokeniser_end(shared)), "");
  CU_ASSERT_NOT_EQUAL(tokeniser_begin(shared), tokeniser_end(shared));
  int bytes = 0;
  for (int i = 0; i < tokeniser_size(shared); i++) bytes += tokeniser_is_byte(shared, i);
  CU_ASSERT_EQUAL(bytes, 256);
  CU_ASSERT_EQUAL(tokeniser_slot_of(shared, tokeniser_begin(shared)), -1);
}

static void a_vocabulary_below_the_number_of_characters_still_trains(void) {
  CU_ASSERT_FATAL(train_once());
  char *small;
  int64_t small_bytes;
  tokeniser *t;
  CU_ASSERT_EQUAL_FATAL(tokeniser_train(lines, starter.count, 512, &memory, &small, &small_bytes), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(tokeniser_open(small, small_bytes, &t), STATUS_OK);
  CU_ASSERT_TRUE(tokeniser_size(t) <= 512);
  int32_t *tokens;
  int count;
  char *text;
  CU_ASSERT_EQUAL(tokeniser_encode(t, starter.lines[starter.count - 1].text, &memory, &tokens, &count), STATUS_OK);
  CU_ASSERT_EQUAL(tokeniser_decode(t, tokens, count, &memory, &text), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(text, starter.lines[starter.count - 1].text);
  tokeniser_close(t);
}

static void too_little_text_and_foreign_bytes_are_refused(void) {
  const char *const few[] = {"one", "two"};
  const char *empty[16];
  for (int i = 0; i < 16; i++) empty[i] = "";
  char *m;
  int64_t bytes;
  tokeniser *t;
  CU_ASSERT_EQUAL(tokeniser_train(few, 2, 4000, &memory, &m, &bytes), STATUS_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "too few"));
  CU_ASSERT_EQUAL(tokeniser_train(empty, 16, 4000, &memory, &m, &bytes), STATUS_DATA);
  CU_ASSERT_EQUAL(tokeniser_open("this is no model", 16, &t), STATUS_DATA);
  CU_ASSERT_PTR_NULL(t);
  CU_ASSERT_FATAL(train_once());
  CU_ASSERT_EQUAL(tokeniser_open(model, model_bytes / 2, &t), STATUS_DATA);
}

int main(void) {
  const suite_test tests[] = {
      TEST(every_line_of_the_copy_comes_back_as_it_was_and_needs_no_bytes),
      TEST(the_same_lines_in_any_order_and_number_give_the_same_bytes),
      TEST(a_slot_is_one_token_wherever_it_stands),
      TEST(characters_that_were_never_seen_come_back_by_their_bytes),
      TEST(any_tokens_at_all_decode_to_utf8),
      TEST(control_tokens_have_no_text_and_byte_pieces_are_known),
      TEST(a_vocabulary_below_the_number_of_characters_still_trains),
      TEST(too_little_text_and_foreign_bytes_are_refused),
  };
  const int code = SUITE_RUN("tokeniser", tests);
  tokeniser_close(shared);
  arena_free(&memory);
  return code;
}
