#include "io/corpus_file.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"
#include "support/suite.h"

static arena memory;

static status read(const char *bytes, corpus_format format, corpus_file *out) {
  char path[512];
  snprintf(path, sizeof path, "%s/corpus", suite_folder());
  CU_ASSERT_EQUAL_FATAL(file_write(path, bytes, strlen(bytes)), STATUS_OK);
  return corpus_file_read(path, format, "review", &memory, out);
}

static void check(const corpus_file *f, int64_t row, const char *meaning, const char *text) {
  CU_ASSERT_TRUE_FATAL(row < f->count);
  CU_ASSERT_STRING_EQUAL(f->row[row].text, text);
  if (meaning == NULL)
    CU_ASSERT_PTR_NULL(f->row[row].meaning)
  else
    CU_ASSERT_STRING_EQUAL(f->row[row].meaning, meaning);
}

static void lines_are_texts(void) {
  corpus_file f;
  CU_ASSERT_EQUAL_FATAL(read(" a b \n\n c\r\nd", CORPUS_PTB, &f), STATUS_OK);
  CU_ASSERT_EQUAL(f.count, 3);
  check(&f, 0, NULL, " a b ");
  check(&f, 1, NULL, " c");
  check(&f, 2, NULL, "d");
}

static void tables_have_the_columns_of_their_corpus(void) {
  corpus_file f;
  CU_ASSERT_EQUAL_FATAL(read("mr,ref\n\"name[A], area[B]\",\"A, in B.\"\nname[C],C\n", CORPUS_E2E, &f), STATUS_OK);
  CU_ASSERT_EQUAL(f.count, 2);
  check(&f, 0, "name[A], area[B]", "A, in B.");
  check(&f, 1, "name[C]", "C");
  CU_ASSERT_EQUAL_FATAL(read("cat,review\nx,good\ny,\"bad\nz,fine\n", CORPUS_REVIEWS, &f), STATUS_OK);
  CU_ASSERT_EQUAL(f.left_out, 1);
  CU_ASSERT_EQUAL(f.count, 2);
  check(&f, 1, NULL, "fine");
  CU_ASSERT_EQUAL(read("mr,text\na,b\n", CORPUS_E2E, &f), STATUS_DATA);
}

static void lists_may_begin_with_comments(void) {
  corpus_file f;
  CU_ASSERT_EQUAL_FATAL(
      read("# one\n# [two]\n[[\"bye()\", \"bye .\", \"x\"], [\"hi()\", \"hi\", \"y\"]]", CORPUS_RNNLG, &f), STATUS_OK);
  CU_ASSERT_EQUAL(f.count, 2);
  check(&f, 1, "hi()", "hi");
  CU_ASSERT_EQUAL(read("[[\"bye()\", 3]]", CORPUS_RNNLG, &f), STATUS_DATA);
  CU_ASSERT_EQUAL(read("[[\"bye()\"", CORPUS_RNNLG, &f), STATUS_DATA);
}

static void objects_have_content_and_summary(void) {
  corpus_file f;
  CU_ASSERT_EQUAL_FATAL(read("{\"content\": \"a#b\", \"summary\": \"s\"}\n{\"content\": \"c#d\", \"summary\": \"t\"}\n",
                             CORPUS_ADVERTISEGEN, &f),
                        STATUS_OK);
  CU_ASSERT_EQUAL(f.count, 2);
  check(&f, 1, "c#d", "t");
  CU_ASSERT_EQUAL(read("{\"content\": \"a#b\"}\n", CORPUS_ADVERTISEGEN, &f), STATUS_DATA);
}

static void what_is_not_there_or_empty_is_said(void) {
  corpus_file f;
  CU_ASSERT_EQUAL(read("\n", CORPUS_PTB, &f), STATUS_DATA);
  CU_ASSERT_EQUAL(corpus_file_read("/nowhere/corpus", CORPUS_PTB, "", &memory, &f), STATUS_MISSING);
}

static void many_rows_keep_their_order(void) {
  enum { LINES = 3000 };
  static char bytes[LINES * 8];
  corpus_file f;
  size_t used = 0;
  for (int i = 0; i < LINES; i++) used += (size_t)snprintf(bytes + used, sizeof bytes - used, "t%d\n", i);
  CU_ASSERT_EQUAL_FATAL(read(bytes, CORPUS_PTB, &f), STATUS_OK);
  CU_ASSERT_EQUAL(f.count, LINES);
  check(&f, 2999, NULL, "t2999");
}

int main(void) {
  const suite_test tests[] = {
      TEST(lines_are_texts),
      TEST(tables_have_the_columns_of_their_corpus),
      TEST(lists_may_begin_with_comments),
      TEST(objects_have_content_and_summary),
      TEST(what_is_not_there_or_empty_is_said),
      TEST(many_rows_keep_their_order),
  };
  const int code = SUITE_RUN("corpus file", tests);
  arena_free(&memory);
  suite_folder_remove();
  return code;
}
