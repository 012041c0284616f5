/* Ids and keys against BLAKE2b as Python's hashlib has it, and which key files are taken. */
#include "io/digest.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"
#include "support/suite.h"

static char path[400];

static void leave(const char *name, const char *text, mode_t mode) {
  snprintf(path, sizeof path, "%s/%s", suite_folder(), name);
  CU_ASSERT_EQUAL(file_write(path, text, strlen(text)), STATUS_OK);
  CU_ASSERT_EQUAL(chmod(path, mode), 0);
}

static digest_key of_seed(uint64_t seed) {
  digest_key k;
  CU_ASSERT_EQUAL(digest_key_load("", seed, &k), STATUS_OK);
  return k;
}

static void ids_are_keyed_by_the_seed_or_the_key_file(void) {
  digest_key k = of_seed(7);
  user_id u = digest_user(&k, "u-1", 3);
  CU_ASSERT(u.high == 0xa32fb8e2101723ffu && u.low == 0xaf7185e5ceaea414u);
  const item_id i = digest_item(&k, "u-1", 3);
  CU_ASSERT(i.high == 0x5fe6cfff70087acdu && i.low == 0x23ae0a4817551069u);
  k = of_seed(8);
  CU_ASSERT_NOT_EQUAL(digest_user(&k, "u-1", 3).high, u.high);

  leave("key", "0123456789abcdef", 0600);
  CU_ASSERT_EQUAL(digest_key_load(path, 7, &k), STATUS_OK);
  u = digest_user(&k, "u-1", 3);
  CU_ASSERT(u.high == 0xfcfbfe5ef573d602u && u.low == 0xc28b519735a55832u);
  CU_ASSERT_EQUAL(digest_message(&k, "demo", "2024-05-01", u), 0x3242670fd6dce982u);
}

/* Receivers take two messages of one key for one. */
static void no_two_messages_have_one_key(void) {
  static char job[2000];
  const digest_key k = of_seed(7);
  memset(job, 'j', sizeof job - 1);
  const user_id one = {1, 2}, other = {1, 3};
  CU_ASSERT_NOT_EQUAL(digest_message(&k, job, "n", one), digest_message(&k, job, "n", other));
  CU_ASSERT_NOT_EQUAL(digest_message(&k, job, "n", one), digest_message(&k, job, "m", one));
  CU_ASSERT_NOT_EQUAL(digest_message(&k, job, "n", one), digest_message(&k, job + 1, "n", one));
  CU_ASSERT_NOT_EQUAL(digest_message(&k, "a", "b", one), digest_message(&k, "a\nb", "", one));
}

static void refuses(status expected, const char *words) {
  digest_key k;
  CU_ASSERT_EQUAL(digest_key_load(path, 7, &k), expected);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), words));
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), path));
  CU_ASSERT_PTR_NULL(strstr(status_text(), "0123456789"));
}

static void a_key_file_is_its_owners_alone(void) {
  char key[400];
  leave("open", "0123456789abcdef", 0640);
  refuses(STATUS_PERMISSION, "chmod 600");
  leave("short", "0123456789abcde", 0600);
  refuses(STATUS_DATA, "at least 16 bytes, this file has 15");
  leave("key", "0123456789abcdef", 0600);
  snprintf(key, sizeof key, "%s", path);
  snprintf(path, sizeof path, "%s/link", suite_folder());
  CU_ASSERT_EQUAL(symlink(key, path), 0);
  refuses(STATUS_PERMISSION, "must not be a link");
  snprintf(path, sizeof path, "%s/none", suite_folder());
  refuses(STATUS_MISSING, "no such file");
  snprintf(path, sizeof path, "%s", suite_folder());
  refuses(STATUS_IO, "cannot read");
}

static void a_file_has_the_digest_of_its_bytes(void) {
  static char many[200000];
  char bytes[DIGEST_TEXT], file[DIGEST_TEXT];
  digest_bytes("abc", 3, bytes);
  CU_ASSERT_STRING_EQUAL(bytes, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  memset(many, 'x', sizeof many - 1);
  leave("many", many, 0600);
  digest_bytes(many, sizeof many - 1, bytes);
  CU_ASSERT_EQUAL(digest_file(path, file), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(file, bytes);
  CU_ASSERT_EQUAL(digest_file("/nowhere/file", file), STATUS_MISSING);
  CU_ASSERT_NOT_EQUAL(digest_block("abc", 3), digest_block("abd", 3));
}

int main(void) {
  const suite_test tests[] = {
      TEST(ids_are_keyed_by_the_seed_or_the_key_file),
      TEST(no_two_messages_have_one_key),
      TEST(a_key_file_is_its_owners_alone),
      TEST(a_file_has_the_digest_of_its_bytes),
  };
  return SUITE_RUN("digest", tests);
}
