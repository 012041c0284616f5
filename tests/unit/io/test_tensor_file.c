#include "io/tensor_file.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"
#include "support/suite.h"

static char path[512];

static void write_sample(void) {
  snprintf(path, sizeof path, "%s/sample.nmt", suite_folder());
  static const float values[6] = {1, -2, 0.5f, 4, 5, 6};
  static const uint8_t flags[3] = {1, 0, 1};
  arena a = {0};
  const char *const texts[] = {"", "一二", "three"};
  strings s;
  CU_ASSERT_EQUAL(strings_create(&a, texts, 3, &s), STATUS_OK);
  tensor_file f = {0};
  tensor_file_add(&f, "values", TENSOR_F32, 2, 3, values);
  tensor_file_add(&f, "flags", TENSOR_U8, 3, 1, flags);
  tensor_file_add_strings(&f, "names", &s);
  tensor_file_add(&f, "nothing", TENSOR_I64, 0, 4, values);
  CU_ASSERT_EQUAL(tensor_file_write(path, "sample", &f), STATUS_OK);
  arena_free(&a);
}

static status read_sample(void) {
  arena a = {0};
  tensor_file f;
  const status result = tensor_file_read(path, "sample", &a, &f);
  arena_free(&a);
  return result;
}

static void what_is_written_is_read(void) {
  write_sample();
  arena a = {0};
  tensor_file f;
  void *data;
  int64_t rows;
  strings s;
  CU_ASSERT_EQUAL(tensor_file_read(path, "sample", &a, &f), STATUS_OK);
  CU_ASSERT_EQUAL(tensor_file_get(&f, "values", TENSOR_F32, -1, 3, &data, &rows), STATUS_OK);
  CU_ASSERT_EQUAL(rows, 2);
  CU_ASSERT_EQUAL(((float *)data)[5], 6);
  CU_ASSERT_EQUAL((uintptr_t)data % 64, 0);
  CU_ASSERT_EQUAL(tensor_file_get(&f, "nothing", TENSOR_I64, 0, 4, &data, NULL), STATUS_OK);
  CU_ASSERT_EQUAL(tensor_file_get_strings(&f, "names", 3, &s), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(strings_at(&s, 1), "一二");
  CU_ASSERT_STRING_EQUAL(strings_at(&s, 0), "");
  arena_free(&a);
}

static void other_names_types_shapes_and_kinds_are_refused(void) {
  write_sample();
  arena a = {0};
  tensor_file f;
  void *data;
  strings s;
  CU_ASSERT_EQUAL(tensor_file_read(path, "other", &a, &f), STATUS_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), path));
  CU_ASSERT_EQUAL(tensor_file_read(path, "sample", &a, &f), STATUS_OK);
  CU_ASSERT_EQUAL(tensor_file_get(&f, "valves", TENSOR_F32, -1, -1, &data, NULL), STATUS_DATA);
  CU_ASSERT_EQUAL(tensor_file_get(&f, "values", TENSOR_I32, -1, -1, &data, NULL), STATUS_DATA);
  CU_ASSERT_EQUAL(tensor_file_get(&f, "values", TENSOR_F32, 3, -1, &data, NULL), STATUS_DATA);
  CU_ASSERT_EQUAL(tensor_file_get(&f, "values", TENSOR_F32, -1, 2, &data, NULL), STATUS_DATA);
  CU_ASSERT_EQUAL(tensor_file_get_strings(&f, "names", 2, &s), STATUS_DATA);
  CU_ASSERT_EQUAL(tensor_file_read("/nowhere/x.nmt", "sample", &a, &f), STATUS_MISSING);
  arena_free(&a);
}

static void texts_that_do_not_lie_one_after_another_are_refused(void) {
  snprintf(path, sizeof path, "%s/texts.nmt", suite_folder());
  const int64_t wrong[3][3] = {{0, 0, 4}, {0, 9, 4}, {1, 2, 4}};
  for (int i = 0; i < 3; i++) {
    tensor_file f = {0}, back;
    arena a = {0};
    strings s;
    tensor_file_add(&f, "t.offset", TENSOR_I64, 3, 1, wrong[i]);
    tensor_file_add(&f, "t.bytes", TENSOR_U8, 4, 1, "a\0b");
    CU_ASSERT_EQUAL(tensor_file_write(path, "k", &f), STATUS_OK);
    CU_ASSERT_EQUAL(tensor_file_read(path, "k", &a, &back), STATUS_OK);
    CU_ASSERT_EQUAL(tensor_file_get_strings(&back, "t", -1, &s), STATUS_DATA);
    arena_free(&a);
  }
}

static void a_flipped_bit_in_any_byte_and_every_cut_is_noticed(void) {
  write_sample();
  arena a = {0};
  char *bytes;
  int64_t count;
  CU_ASSERT_EQUAL_FATAL(file_read(path, &a, &bytes, &count), STATUS_OK);
  int64_t unnoticed = 0;
  for (int64_t i = 0; i < count; i++) {
    bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    CU_ASSERT_EQUAL(file_write(path, bytes, (size_t)count), STATUS_OK);
    unnoticed += read_sample() != STATUS_DATA;
    bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
  }
  for (int64_t length = 0; length < count; length++) {
    CU_ASSERT_EQUAL(file_write(path, bytes, (size_t)length), STATUS_OK);
    unnoticed += read_sample() != STATUS_DATA;
  }
  CU_ASSERT_EQUAL(file_write(path, bytes, (size_t)count + 1), STATUS_OK); /* the NUL after it */
  unnoticed += read_sample() != STATUS_DATA;
  CU_ASSERT_EQUAL(unnoticed, 0);
  arena_free(&a);
}

static void too_many_tensors_are_our_bug(void) {
  snprintf(path, sizeof path, "%s/many.nmt", suite_folder());
  tensor_file f = {0};
  const uint8_t one = 1;
  for (int i = 0; i <= TENSOR_FILE_MOST; i++) tensor_file_add(&f, "x", TENSOR_U8, 1, 1, &one);
  CU_ASSERT_EQUAL(tensor_file_write(path, "k", &f), STATUS_BUG);
  CU_ASSERT_FALSE(file_exists(path));
}

static void running_out_of_memory_anywhere_is_a_status(void) {
  write_sample();
  int failures = 0;
  for (int64_t n = 0;; n++) {
    arena_fail_after(n);
    const status result = read_sample();
    arena_fail_after(-1);
    if (result == STATUS_OK) break;
    CU_ASSERT_EQUAL(result, STATUS_BUG);
    failures++;
  }
  CU_ASSERT_TRUE(failures > 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(what_is_written_is_read),
      TEST(other_names_types_shapes_and_kinds_are_refused),
      TEST(texts_that_do_not_lie_one_after_another_are_refused),
      TEST(a_flipped_bit_in_any_byte_and_every_cut_is_noticed),
      TEST(too_many_tensors_are_our_bug),
      TEST(running_out_of_memory_anywhere_is_a_status),
  };
  return SUITE_RUN("tensor_file", tests);
}
