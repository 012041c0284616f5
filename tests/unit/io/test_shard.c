#include "io/shard.h"

#include <stdlib.h>

#include "data/partition.h"
#include "io/shard_record.h"
#include "unit/io/sample_run.h"

static char path[512];

static shard_summary write_sample(int64_t frame_bytes) {
  shard_summary s = {0};
  CU_ASSERT_EQUAL(sample_shard(suite_folder(), "demo", 0, 0, 3, frame_bytes, &s), STATUS_OK);
  snprintf(path, sizeof path, "%s/%s", suite_folder(), s.name);
  return s;
}

static status verify(const shard_summary *s) {
  const shard_options options = sample_options("demo", 0, 0);
  shard_tally tally = {0};
  return shard_verify(path, &options, s, &tally);
}

static void check_same(const message *a, const message *b) {
  CU_ASSERT_EQUAL(user_id_compare(a->user, b->user), 0);
  CU_ASSERT_STRING_EQUAL(a->user_name, b->user_name);
  CU_ASSERT_STRING_EQUAL(a->item_name, b->item_name);
  CU_ASSERT_STRING_EQUAL(a->text, b->text);
  CU_ASSERT_STRING_EQUAL(a->template_text, b->template_text);
  CU_ASSERT_STRING_EQUAL(a->reason, b->reason);
  CU_ASSERT_TRUE(a->language == b->language && a->tone == b->tone && a->source == b->source);
  CU_ASSERT_TRUE(a->score == b->score && a->probability == b->probability && a->key == b->key && a->hour == b->hour);
}

static void what_is_written_is_read_whatever_the_frames(void) {
  const int64_t sizes[] = {1, 100, 200, 4096, 1 << 20}; /* 1: each record alone */
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    const shard_summary s = write_sample(sizes[i]);
    shard_reader *r;
    message m;
    int more;
    char digest[DIGEST_TEXT];
    CU_ASSERT_EQUAL(s.records, 3);
    CU_ASSERT_EQUAL_FATAL(shard_reader_open(path, &r), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(shard_reader_header(r)->job, "demo");
    CU_ASSERT_STRING_EQUAL(shard_reader_header(r)->night, "2024-05-01");
    for (int k = 0; k < 3; k++) {
      const message wanted = sample_message(k);
      CU_ASSERT_EQUAL(shard_reader_next(r, &m, &more), STATUS_OK);
      CU_ASSERT_TRUE_FATAL(more);
      check_same(&m, &wanted);
    }
    CU_ASSERT_EQUAL(shard_reader_next(r, &m, &more), STATUS_OK);
    CU_ASSERT_FALSE(more);
    shard_reader_digest(r, digest);
    CU_ASSERT_STRING_EQUAL(digest, s.plain_digest);
    shard_reader_close(r);
    CU_ASSERT_EQUAL(verify(&s), STATUS_OK);
  }
}

static void each_user_is_found_and_nobody_else(void) {
  for (int64_t frame_bytes = 1; frame_bytes < 1000; frame_bytes *= 9) {
    write_sample(frame_bytes);
    shard_reader *r;
    message m;
    int found;
    CU_ASSERT_EQUAL_FATAL(shard_reader_open(path, &r), STATUS_OK);
    for (int k = 2; k >= 0; k--) {
      const message wanted = sample_message(k);
      CU_ASSERT_EQUAL(shard_reader_find(r, wanted.user, &m, &found), STATUS_OK);
      CU_ASSERT_TRUE(found);
      if (found) check_same(&m, &wanted);
      CU_ASSERT_EQUAL(shard_reader_find(r, (user_id){wanted.user.high, 99}, &m, &found), STATUS_OK);
      CU_ASSERT_FALSE(found);
    }
    CU_ASSERT_EQUAL(shard_reader_find(r, (user_id){0, 0}, &m, &found), STATUS_OK);
    CU_ASSERT_FALSE(found);
    shard_reader_close(r);
  }
}

static void a_shard_without_messages_is_one(void) {
  shard_summary s = {0};
  message m;
  int more = 1;
  shard_reader *r;
  CU_ASSERT_EQUAL(sample_shard(suite_folder(), "demo", 0, 0, 0, 4096, &s), STATUS_OK);
  snprintf(path, sizeof path, "%s/%s", suite_folder(), s.name);
  CU_ASSERT_EQUAL(s.records, 0);
  CU_ASSERT_EQUAL(verify(&s), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(shard_reader_open(path, &r), STATUS_OK);
  CU_ASSERT_EQUAL(shard_reader_next(r, &m, &more), STATUS_OK);
  CU_ASSERT_FALSE(more);
  CU_ASSERT_EQUAL(shard_reader_find(r, (user_id){1, 1}, &m, &more), STATUS_OK);
  CU_ASSERT_FALSE(more);
  shard_reader_close(r);
}

static void equal_messages_give_equal_bytes(void) {
  const shard_summary one = write_sample(4096), two = write_sample(4096);
  CU_ASSERT_STRING_EQUAL(one.digest, two.digest);
}

static void users_out_of_order_and_broken_texts_are_our_bug(void) {
  const shard_options options = sample_options("demo", 0, 4096);
  shard_writer *w;
  message m = sample_message(1);
  snprintf(path, sizeof path, "%s/refused", suite_folder());
  CU_ASSERT_EQUAL_FATAL(shard_writer_open(path, &options, &w), STATUS_OK);
  CU_ASSERT_EQUAL(shard_writer_append(w, &m), STATUS_OK);
  CU_ASSERT_EQUAL(shard_writer_append(w, &m), STATUS_BUG);
  m = sample_message(0);
  CU_ASSERT_EQUAL(shard_writer_append(w, &m), STATUS_BUG);
  m = sample_message(2);
  m.reason = "latin-1: caf\xE9";
  CU_ASSERT_EQUAL(shard_writer_append(w, &m), STATUS_BUG);
  shard_writer_abandon(w);
  CU_ASSERT_FALSE(file_exists(path));
}

static void every_flipped_bit_and_every_cut_is_noticed(void) {
  const shard_summary s = write_sample(200);
  arena a = {0};
  char *bytes, other[512];
  int64_t count, unnoticed = 0;
  CU_ASSERT_EQUAL_FATAL(file_read(path, &a, &bytes, &count), STATUS_OK);
  snprintf(other, sizeof other, "%s/flipped", suite_folder());
  snprintf(path, sizeof path, "%s", other);
  for (int64_t i = 0; i < 8 * count; i++) {
    bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << (i % 8)));
    FILE *f = fopen(path, "wb"); /* without the flush to the disk of file_write: there are thousands */
    fwrite(bytes, 1, (size_t)count, f);
    fclose(f);
    unnoticed += verify(&s) != STATUS_DATA;
    bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << (i % 8)));
  }
  CU_ASSERT_EQUAL(unnoticed, 0);
  unnoticed = 0;
  for (int64_t length = 0; length < count; length++) {
    FILE *f = fopen(path, "wb");
    fwrite(bytes, 1, (size_t)length, f);
    fclose(f);
    unnoticed += verify(&s) != STATUS_DATA;
  }
  CU_ASSERT_EQUAL(unnoticed, 0);
  arena_free(&a);
}

/* Without a manifest, what the reader itself delivers must still be what was written, or a refusal. */
static void a_flipped_bit_never_gives_another_message(void) {
  write_sample(200);
  arena a = {0};
  char *bytes;
  int64_t count, wrong = 0;
  CU_ASSERT_EQUAL_FATAL(file_read(path, &a, &bytes, &count), STATUS_OK);
  for (int64_t i = 0; i < 8 * count; i++) {
    bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << (i % 8)));
    FILE *f = fopen(path, "wb");
    fwrite(bytes, 1, (size_t)count, f);
    fclose(f);
    bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << (i % 8)));
    shard_reader *r;
    if (shard_reader_open(path, &r) != STATUS_OK) continue;
    message m;
    int more = 1, seen = 0;
    while (shard_reader_next(r, &m, &more) == STATUS_OK && more && seen < 3) {
      const message wanted = sample_message(seen++);
      wrong += strcmp(m.text, wanted.text) != 0 || user_id_compare(m.user, wanted.user) != 0;
    }
    shard_reader_close(r);
  }
  CU_ASSERT_EQUAL(wrong, 0);
  arena_free(&a);
}

static void each_fault_of_a_shard_has_its_sentence(void) {
  shard_summary s = write_sample(4096), wrong = s;
  wrong.records++;
  CU_ASSERT_EQUAL(verify(&wrong), STATUS_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "holds 3 messages"));
  wrong = s;
  wrong.last.low++;
  CU_ASSERT_EQUAL(verify(&wrong), STATUS_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "other messages"));
  shard_options options = sample_options("shop", 0, 0);
  shard_tally tally = {0};
  CU_ASSERT_EQUAL(shard_verify(path, &options, &s, &tally), STATUS_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "belongs to job demo"));
  options = sample_options("demo", 1, 0);
  CU_ASSERT_EQUAL(shard_verify(path, &options, &s, &tally), STATUS_DATA);
  snprintf(path, sizeof path, "%s/nothing", suite_folder());
  CU_ASSERT_EQUAL(verify(&s), STATUS_MISSING);
  /* a user of the other half */
  CU_ASSERT_EQUAL(sample_shard(suite_folder(), "demo", 0, 2, 4, 4096, &s), STATUS_OK);
  snprintf(path, sizeof path, "%s/%s", suite_folder(), s.name);
  CU_ASSERT_EQUAL(verify(&s), STATUS_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "another partition"));
}

static status write_and_read(void) {
  shard_summary s;
  TRY(sample_shard(suite_folder(), "demo", 0, 0, 3, 150, &s));
  snprintf(path, sizeof path, "%s/%s", suite_folder(), s.name);
  shard_reader *r;
  message m;
  int more = 1;
  TRY(verify(&s));
  TRY(shard_reader_open(path, &r));
  const status result = shard_reader_find(r, sample_message(1).user, &m, &more);
  shard_reader_close(r);
  return result;
}

static void running_out_of_memory_anywhere_is_a_status(void) {
  int failures = 0;
  for (int64_t n = 0; n < 10000; n++) {
    arena_fail_after(n);
    const status result = write_and_read();
    arena_fail_after(-1);
    if (result == STATUS_OK) break;
    CU_ASSERT_EQUAL(result, STATUS_BUG);
    failures++;
  }
  CU_ASSERT_TRUE(failures > 10 && failures < 10000);
}

static void heads_of_records_come_back(void) {
  const uint64_t lengths[] = {0, 1, 127, 128, 16383, 16384};
  static unsigned char bytes[20000];
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    const size_t head = shard_record_put_head(SHARD_TAG_MESSAGE, lengths[i], bytes);
    size_t at = 0, length;
    unsigned char tag;
    const unsigned char *record;
    CU_ASSERT_TRUE(shard_record_get_head(bytes, head + lengths[i], &at, &tag, &record, &length));
    CU_ASSERT_EQUAL(length, lengths[i]);
    CU_ASSERT_EQUAL(at, head + lengths[i]);
    at = 0;
    CU_ASSERT_FALSE(shard_record_get_head(bytes, head + lengths[i] - 1, &at, &tag, &record, &length));
  }
  memset(bytes, 0xFF, 32); /* a varint that never ends */
  size_t at = 0, length;
  unsigned char tag;
  const unsigned char *record;
  CU_ASSERT_FALSE(shard_record_get_head(bytes, sizeof bytes, &at, &tag, &record, &length));
}

int main(void) {
  const suite_test tests[] = {
      TEST(what_is_written_is_read_whatever_the_frames),
      TEST(each_user_is_found_and_nobody_else),
      TEST(a_shard_without_messages_is_one),
      TEST(equal_messages_give_equal_bytes),
      TEST(users_out_of_order_and_broken_texts_are_our_bug),
      TEST(every_flipped_bit_and_every_cut_is_noticed),
      TEST(a_flipped_bit_never_gives_another_message),
      TEST(each_fault_of_a_shard_has_its_sentence),
      TEST(running_out_of_memory_anywhere_is_a_status),
      TEST(heads_of_records_come_back),
  };
  return SUITE_RUN("shard", tests);
}
