#include "io/checkpoint_file.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"
#include "support/suite.h"

enum { PARTS = 2 };

static checkpoint_head sample(const char *phase, int64_t generation) {
  static checkpoint_piece piece[1 + PARTS];
  for (int i = 0; i <= PARTS; i++) {
    piece[i].bytes = 100 + i;
    digest_bytes(&i, sizeof i, piece[i].digest);
  }
  return (checkpoint_head){.phase = phase,
                           .fingerprint = "abc",
                           .generation = generation,
                           .step = 70 + generation,
                           .time = 1000 - generation,
                           .parts = PARTS,
                           .piece = piece};
}

static void put(const char *stage, const checkpoint_head *h, int slot, char path[600]) {
  arena a = {0};
  char *folder = NULL;
  CU_ASSERT_EQUAL(checkpoint_folder(&a, suite_folder(), stage, h->phase, slot, &folder), STATUS_OK);
  CU_ASSERT_EQUAL(file_make_folder(folder), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_head_write(folder, h), STATUS_OK);
  snprintf(path, 600, "%s/CHECKPOINT.json", folder);
  arena_free(&a);
}

static void a_head_is_read_as_it_was_written(void) {
  arena a = {0};
  char path[600];
  int found = 1;
  checkpoint_head back;
  CU_ASSERT_EQUAL(checkpoint_head_read(suite_folder(), "train", "writer", 1, &a, &back, &found), STATUS_OK);
  CU_ASSERT_FALSE(found);
  const checkpoint_head h = sample("writer", 3);
  put("train", &h, 1, path);
  CU_ASSERT_EQUAL(checkpoint_head_read(suite_folder(), "train", "writer", 1, &a, &back, &found), STATUS_OK);
  CU_ASSERT_TRUE(found && back.is_sound);
  CU_ASSERT_STRING_EQUAL(back.fingerprint, "abc");
  CU_ASSERT_EQUAL(back.generation, 3);
  CU_ASSERT_EQUAL(back.step, 73);
  CU_ASSERT_EQUAL(back.time, 997);
  CU_ASSERT_EQUAL(back.parts, PARTS);
  CU_ASSERT_EQUAL(back.bytes, 303);
  CU_ASSERT_EQUAL(memcmp(back.piece, h.piece, (1 + PARTS) * sizeof *h.piece), 0);
  arena_free(&a);
}

static void every_flip_and_cut_of_a_head_is_noticed(void) {
  arena a = {0};
  char path[600], *bytes = NULL;
  int64_t count = 0;
  int found = 0;
  checkpoint_head back;
  const checkpoint_head h = sample("flipped", 2);
  put("train", &h, 0, path);
  CU_ASSERT_EQUAL(file_read(path, &a, &bytes, &count), STATUS_OK);
  for (int64_t i = 0; i < count; i += 7) {
    bytes[i] = (char)(bytes[i] ^ 4);
    CU_ASSERT_EQUAL(file_write(path, bytes, (size_t)count), STATUS_OK);
    CU_ASSERT_EQUAL(checkpoint_head_read(suite_folder(), "train", "flipped", 0, &a, &back, &found), STATUS_DATA);
    CU_ASSERT_TRUE(found && !back.is_sound);
    bytes[i] = (char)(bytes[i] ^ 4);
    CU_ASSERT_EQUAL(file_write(path, bytes, (size_t)i), STATUS_OK);
    CU_ASSERT_EQUAL(checkpoint_head_read(suite_folder(), "train", "flipped", 0, &a, &back, &found), STATUS_DATA);
  }
  arena_free(&a);
}

/* In the place of another phase, or of another generation. */
static void a_head_in_a_strange_place_is_damaged(void) {
  arena a = {0};
  char path[600];
  int found = 0;
  checkpoint_head back;
  const checkpoint_head h = sample("strange", 2);
  put("train", &h, 1, path);
  CU_ASSERT_EQUAL(checkpoint_head_read(suite_folder(), "train", "strange", 1, &a, &back, &found), STATUS_DATA);
  arena_free(&a);
}

static void a_piece_is_told_from_any_other(void) {
  char path[600];
  checkpoint_piece piece;
  snprintf(path, sizeof path, "%s/piece", suite_folder());
  CU_ASSERT_EQUAL(checkpoint_piece_read(path, &piece), STATUS_MISSING);
  CU_ASSERT_EQUAL(file_write(path, "abcd", 4), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_piece_read(path, &piece), STATUS_OK);
  CU_ASSERT_EQUAL(piece.bytes, 4);
  CU_ASSERT_EQUAL(checkpoint_piece_check(path, &piece), STATUS_OK);
  CU_ASSERT_EQUAL(file_write(path, "abce", 4), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_piece_check(path, &piece), STATUS_DATA);
  CU_ASSERT_EQUAL(file_write(path, "abcde", 5), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_piece_check(path, &piece), STATUS_DATA);
  CU_ASSERT_EQUAL(file_remove(path), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_piece_check(path, &piece), STATUS_MISSING);
}

static void the_list_shows_what_is_there_and_never_fails(void) {
  arena a = {0};
  char path[700];
  checkpoint_head *heads = NULL;
  int count = 9;
  CU_ASSERT_EQUAL(checkpoint_list(suite_folder(), "nowhere", &a, &heads, &count), STATUS_OK);
  CU_ASSERT_EQUAL(count, 0);
  const checkpoint_head one = sample("one", 1), two = sample("one", 2), other = sample("other", 3);
  put("listed", &one, 1, path);
  put("listed", &two, 0, path);
  put("listed", &other, 1, path);
  CU_ASSERT_EQUAL(file_write(path, "garbage", 7), STATUS_OK);
  static const char *const odd[] = {"-0", "x-1", "shared-2", "no-0/CHECKPOINT.json"};
  for (int i = 0; i < 4; i++) {
    snprintf(path, sizeof path, "%s/work/listed/%s", suite_folder(), odd[i]);
    CU_ASSERT_EQUAL(file_make_folder(path), STATUS_OK);
  }
  snprintf(path, sizeof path, "%s/work/listed/DONE.json", suite_folder());
  CU_ASSERT_EQUAL(file_write(path, "{}", 2), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_list(suite_folder(), "listed", &a, &heads, &count), STATUS_OK);
  int sound = 0;
  for (int i = 0; i < count; i++) sound += heads[i].is_sound;
  CU_ASSERT_EQUAL(count, 4); /* two of one, the damaged one, and the folder in a head's place */
  CU_ASSERT_EQUAL(sound, 2);
  CU_ASSERT_EQUAL(heads[count - 1].generation, 1); /* by time */
  arena_free(&a);
}

static void all_of_a_stage_is_removed_and_nothing_else(void) {
  arena a = {0};
  char path[700], note[700];
  checkpoint_head *heads = NULL;
  int count = 0;
  const checkpoint_head one = sample("one", 1), two = sample("one", 2);
  put("removed", &one, 1, path);
  put("removed", &two, 0, path);
  snprintf(path, sizeof path, "%s/work/removed/one-1/part-00001-of-00002.nmt", suite_folder());
  CU_ASSERT_EQUAL(file_write(path, "x", 1), STATUS_OK);
  snprintf(note, sizeof note, "%s/work/removed/one-0/note", suite_folder());
  CU_ASSERT_EQUAL(file_write(note, "x", 1), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_remove_all(suite_folder(), "removed"), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_list(suite_folder(), "removed", &a, &heads, &count), STATUS_OK);
  CU_ASSERT_EQUAL(count, 0);
  CU_ASSERT_FALSE(file_exists(path));
  CU_ASSERT_TRUE(file_exists(note));
  snprintf(path, sizeof path, "%s/work/removed/one-1", suite_folder());
  CU_ASSERT_FALSE(file_exists(path));
  CU_ASSERT_EQUAL(checkpoint_remove_all(suite_folder(), "removed"), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_remove_all(suite_folder(), "nowhere"), STATUS_OK);
  arena_free(&a);
}

int main(void) {
  static const suite_test tests[] = {
      TEST(a_head_is_read_as_it_was_written),
      TEST(every_flip_and_cut_of_a_head_is_noticed),
      TEST(a_head_in_a_strange_place_is_damaged),
      TEST(a_piece_is_told_from_any_other),
      TEST(the_list_shows_what_is_there_and_never_fails),
      TEST(all_of_a_stage_is_removed_and_nothing_else),
  };
  return SUITE_RUN("checkpoint_file", tests);
}
