#include "io/leftovers.h"

#include <stdio.h>
#include <sys/stat.h>

#include "io/file.h"
#include "support/suite.h"

static const char *const stays[] = {"users-00000-of-00004.nmt",
                                    "messages-00003-of-00004.pb.zst",
                                    "MANIFEST.json",
                                    "items.nmt",
                                    "notes-of-00008",
                                    "best-of-8.txt",
                                    "x-00001-of-8",
                                    "work"};
static const char *const goes[] = {"users-00000-of-00008.nmt", "messages-00007-of-00008.pb.zst",
                                   "messages-00000-of-00004.pb.zst.tmp", "DONE.json.tmp", "a-of-b-00001-of-00002.nmt"};
enum { STAYS = (int)(sizeof stays / sizeof *stays), GOES = (int)(sizeof goes / sizeof *goes) };

static const char *path_of(const char *name) {
  static char path[512];
  snprintf(path, sizeof path, "%s/%s", suite_folder(), name);
  return path;
}

static void pieces_of_another_layout_go_and_nothing_else(void) {
  for (int i = 0; i < GOES; i++) CU_ASSERT_EQUAL(file_write(path_of(goes[i]), "x", 1), STATUS_OK);
  for (int i = 0; i + 1 < STAYS; i++) CU_ASSERT_EQUAL(file_write(path_of(stays[i]), "x", 1), STATUS_OK);
  CU_ASSERT_EQUAL(mkdir(path_of("work"), 0700), 0);
  CU_ASSERT_EQUAL(mkdir(path_of("old-00001-of-00002.folder"), 0700), 0);
  CU_ASSERT_EQUAL(leftovers_remove(suite_folder(), 4), STATUS_OK);
  for (int i = 0; i < GOES; i++) CU_ASSERT_FALSE(file_exists(path_of(goes[i])));
  for (int i = 0; i < STAYS; i++) CU_ASSERT_TRUE(file_exists(path_of(stays[i])));
  CU_ASSERT_TRUE(file_exists(path_of("old-00001-of-00002.folder")));
}

static void a_folder_that_is_not_there_holds_none(void) {
  CU_ASSERT_EQUAL(leftovers_remove(path_of("nowhere"), 4), STATUS_OK);
  CU_ASSERT_EQUAL(file_write(path_of("file"), "x", 1), STATUS_OK);
  CU_ASSERT_NOT_EQUAL(leftovers_remove(path_of("file"), 4), STATUS_OK);
}

int main(void) {
  const suite_test tests[] = {TEST(pieces_of_another_layout_go_and_nothing_else),
                              TEST(a_folder_that_is_not_there_holds_none)};
  return SUITE_RUN("leftovers", tests);
}
