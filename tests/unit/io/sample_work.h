/* The work files of a small run, for tests that look at one user. */
#ifndef UNIT_IO_SAMPLE_WORK_H
#define UNIT_IO_SAMPLE_WORK_H

#include "data/partition.h"
#include "io/work_file.h"
#include "unit/io/sample_run.h"

/* Two items and one user of that name, in the shard where the user belongs. */
static inline void sample_work(const char *folder, arena *a, const char *user) {
  char path[600];
  digest_key key;
  static item_id item_ids[2] = {{1, 2}, {1, 3}};
  static uint8_t ones[4] = {1, 1, 1, 1}, hours[1] = {9};
  static int64_t two[4] = {10, 20, 30, 40}, event_offset[2] = {0, 2};
  static float reals[32] = {0.75f, 0.5f};
  static int32_t rows[16] = {1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, zero[2] = {0, 1};
  static double value[1] = {12.5};
  const char *const titles[] = {"Smart watch", "智能手表"};
  CU_ASSERT_EQUAL(digest_key_load("", 7, &key), STATUS_OK);
  user_id id = digest_user(&key, user, strlen(user));
  const int index = partition_of(id, SAMPLE_SHARDS);
  snprintf(path, sizeof path, "%s/settings.txt", folder);
  const char in_effect[] = "job: demo\nseed: 7\npartitions.users: 2\nprivacy.key_file:\n";
  CU_ASSERT_EQUAL(file_write(path, in_effect, strlen(in_effect)), STATUS_OK);
  const char *const stages[] = {"ingest", "profile", "decide"};
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s/work/%s", folder, stages[i]);
    CU_ASSERT_EQUAL(file_make_folder(path), STATUS_OK);
  }
  strings names, empty, user_names;
  CU_ASSERT_EQUAL(strings_create(a, titles, 2, &names), STATUS_OK);
  CU_ASSERT_EQUAL(strings_create(a, (const char *const[]){"", ""}, 2, &empty), STATUS_OK);
  CU_ASSERT_EQUAL(strings_create(a, &user, 1, &user_names), STATUS_OK);
  catalogue c = {.count = 2,
                 .id = item_ids,
                 .name = names,
                 .title = {names, empty},
                 .keywords = {empty, empty},
                 .category = zero,
                 .price = two,
                 .old_price = two,
                 .domain = ones,
                 .available = ones,
                 .added = two,
                 .users = two,
                 .categories = 2,
                 .category_name = {names, names}};
  users u = {.count = 1,
             .id = &id,
             .name = user_names,
             .language = ones,
             .flags = ones,
             .event_offset = event_offset,
             .event_item = zero,
             .event_meaning = ones,
             .event_time = two,
             .event_value = reals,
             .offset = event_offset,
             .item = zero,
             .weight = reals,
             .train_weight = reals,
             .fold = ones,
             .meanings = ones,
             .last = two};
  uint8_t no_flags[1] = {0};
  u.flags = no_flags;
  profiles p = {1, rows, reals, zero, reals, zero, value, hours};
  static int64_t item_offset[3] = {0, 1, 2};
  words w = {2, names, ones, reals, item_offset, zero};
  static uint32_t slots[1] = {1};
  decisions d = {1, no_flags, zero, reals, reals, ones, slots, zero + 1, ones, zero, rows, reals};
  char *file;
  CU_ASSERT_EQUAL(work_file_path(a, folder, "ingest", "items", 0, 0, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_catalogue(file, &c), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(a, folder, "ingest", "users", index, SAMPLE_SHARDS, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_users(file, &u), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(a, folder, "profile", "words", 0, 0, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_words(file, &w, 2), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(a, folder, "profile", "profiles", index, SAMPLE_SHARDS, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_profiles(file, &p), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(a, folder, "decide", "decisions", index, SAMPLE_SHARDS, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_decisions(file, &d), STATUS_OK);
}

#endif
