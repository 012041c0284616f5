#include "io/manifest.h"

#include <stdlib.h>

#include "unit/io/sample_run.h"

static char run[300];

/* A fresh run for each test. */
static void fresh(const char *name) {
  snprintf(run, sizeof run, "%s/%s", suite_folder(), name);
  CU_ASSERT_EQUAL_FATAL(sample_run(run, "demo"), STATUS_OK);
}

static char *in_run(const char *name) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%s", run, name);
  return path;
}

/* Verifies, and holds the one sentence against a word of it. */
static void expect(status wanted, const char *word) {
  arena a = {0};
  manifest m;
  CU_ASSERT_EQUAL(manifest_verify(run, &m, &a), wanted);
  if (word != NULL && strstr(status_text(), word) == NULL) {
    fprintf(stderr, "expected \"%s\" in: %s\n", word, status_text());
    CU_FAIL("another sentence");
  }
  if (wanted != STATUS_OK) CU_ASSERT_PTR_NULL(strchr(status_text(), '\n'));
  arena_free(&a);
}

static void copy_file(const char *from, const char *to) {
  arena a = {0};
  char *bytes;
  int64_t count;
  CU_ASSERT_EQUAL_FATAL(file_read(from, &a, &bytes, &count), STATUS_OK);
  CU_ASSERT_EQUAL(file_write(to, bytes, (size_t)count), STATUS_OK);
  arena_free(&a);
}

static void a_whole_run_is_proven_and_read_back(void) {
  fresh("whole");
  expect(STATUS_OK, NULL);
  arena a = {0};
  manifest m;
  CU_ASSERT_EQUAL(manifest_read(run, &a, &m), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(m.job, "demo");
  CU_ASSERT_EQUAL(m.seed, 7);
  CU_ASSERT_EQUAL(accounts_get(&m.rows, "bad_quote"), 2);
  CU_ASSERT_EQUAL(m.shards[1].records, 2);
  CU_ASSERT_EQUAL(m.shards[1].last.high, 0xFFFFFFFFFFFFFFFF);
  arena_free(&a);
}

static void inputs_models_and_stages_come_back(void) {
  fresh("members");
  arena a = {0};
  manifest m, back;
  CU_ASSERT_EQUAL(manifest_read(run, &a, &m), STATUS_OK);
  manifest_input input = {.name = "inputs.interactions", .path = "a \"b\"/数据.csv", .bytes = 5}, model = input;
  digest_bytes("x", 1, input.digest);
  model.path = "work/model.nmt";
  digest_bytes("weights", 7, model.digest);
  stage_done stage = {.stage = "ingest", .fingerprint = "f", .summary = "\"a\": 1", .ranks = 2};
  accounts_add(&stage.numbers, "users", 8);
  m.inputs = &input;
  m.models = &model;
  m.stages = &stage;
  m.input_count = m.model_count = m.stage_count = 1;
  CU_ASSERT_EQUAL(manifest_write(run, &m), STATUS_OK);
  expect(STATUS_OK, NULL); /* a model that has been cleared away is no fault */
  CU_ASSERT_EQUAL(manifest_read(run, &a, &back), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(back.inputs[0].path, "a \"b\"/数据.csv");
  CU_ASSERT_STRING_EQUAL(back.inputs[0].digest, input.digest);
  CU_ASSERT_EQUAL(accounts_get(&back.stages[0].numbers, "users"), 8);
  CU_ASSERT_STRING_EQUAL(back.stages[0].summary, "\"a\": 1");
  CU_ASSERT_EQUAL(file_make_folder(in_run("work")), STATUS_OK);
  CU_ASSERT_EQUAL(file_write(in_run("work/model.nmt"), "weights", 7), STATUS_OK);
  expect(STATUS_OK, NULL);
  CU_ASSERT_EQUAL(file_write(in_run("work/model.nmt"), "Weights", 7), STATUS_OK);
  expect(STATUS_DATA, "model");
  arena_free(&a);
}

static void each_way_to_spoil_a_run_has_its_sentence(void) {
  char first[64], second[64], other[500], path[600];
  shard_name(0, SAMPLE_SHARDS, first);
  shard_name(1, SAMPLE_SHARDS, second);
  arena a = {0};
  char *bytes;
  int64_t count;

  fresh("flipped");
  CU_ASSERT_EQUAL_FATAL(file_read(in_run(first), &a, &bytes, &count), STATUS_OK);
  bytes[count / 2] ^= 1;
  CU_ASSERT_EQUAL(file_write(in_run(first), bytes, (size_t)count), STATUS_OK);
  expect(STATUS_DATA, "damaged");
  CU_ASSERT_EQUAL(file_write(in_run(first), bytes, (size_t)count / 2), STATUS_OK);
  expect(STATUS_DATA, "it was cut");
  CU_ASSERT_EQUAL(file_remove(in_run(first)), STATUS_OK);
  expect(STATUS_MISSING, first);

  fresh("foreign");
  snprintf(other, sizeof other, "%s/other", suite_folder());
  CU_ASSERT_EQUAL(sample_run(other, "shop"), STATUS_OK);
  snprintf(path, sizeof path, "%s/MANIFEST.json", other);
  copy_file(path, in_run("MANIFEST.json"));
  expect(STATUS_DATA, "belongs to job demo");

  fresh("exchanged");
  snprintf(path, sizeof path, "%s/%s", run, second);
  copy_file(path, in_run(first));
  expect(STATUS_DATA, "under the name of another");

  fresh("extra");
  copy_file(path, in_run("messages-00002-of-00004.pb.zst"));
  expect(STATUS_DATA, "is not in the manifest");

  fresh("unfinished");
  CU_ASSERT_EQUAL(file_remove(in_run("MANIFEST.json")), STATUS_OK);
  expect(STATUS_MISSING, "no MANIFEST.json");
  arena_free(&a);
}

static void an_edited_manifest_is_noticed_at_every_byte(void) {
  fresh("edited");
  arena a = {0};
  manifest m;
  char *bytes;
  int64_t count, unnoticed = 0;
  CU_ASSERT_EQUAL_FATAL(file_read(in_run("MANIFEST.json"), &a, &bytes, &count), STATUS_OK);
  char *five = strstr(bytes, "\"rows_read\": 12");
  CU_ASSERT_PTR_NOT_NULL_FATAL(five);
  five[14] = '3';
  CU_ASSERT_EQUAL(file_write(in_run("MANIFEST.json"), bytes, (size_t)count), STATUS_OK);
  expect(STATUS_DATA, "edited");
  five[14] = '2';
  for (int64_t i = 0; i < count; i++) {
    bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    CU_ASSERT_EQUAL(file_write(in_run("MANIFEST.json"), bytes, (size_t)count), STATUS_OK);
    unnoticed += manifest_read(run, &a, &m) != STATUS_DATA;
    bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    CU_ASSERT_EQUAL(file_write(in_run("MANIFEST.json"), bytes, (size_t)i), STATUS_OK);
    unnoticed += manifest_read(run, &a, &m) != STATUS_DATA;
  }
  CU_ASSERT_EQUAL(unnoticed, 0);
  arena_free(&a);
}

static void accounts_that_do_not_balance_are_refused(void) {
  fresh("balance");
  arena a = {0};
  manifest good;
  CU_ASSERT_EQUAL_FATAL(manifest_read(run, &a, &good), STATUS_OK);
  for (int fault = 0; fault < 8; fault++) {
    manifest m = good;
    shard_summary shards[SAMPLE_SHARDS] = {good.shards[0], good.shards[1]};
    m.shards = shards;
    if (fault == 0) m.rows_read++;
    if (fault == 1) m.users_known--;
    if (fault == 2) accounts_add(&m.sources, "generated", 1);
    if (fault == 3) accounts_add(&m.languages, "en", 1);
    if (fault == 4) shards[0].records++;
    if (fault == 5) accounts_add(&m.rows, "accepted", -11), m.rows_read -= 11;
    if (fault == 6) accounts_add(&m.languages, "en", 1), accounts_add(&m.languages, "zh", -1);
    if (fault == 7) accounts_add(&m.sources, "generated", 1), accounts_add(&m.sources, "template", -1);
    CU_ASSERT_EQUAL(manifest_write(run, &m), STATUS_OK);
    expect(STATUS_DATA, fault < 5 ? "balance" : NULL);
  }
  manifest m = good;
  m.shard_count = 1;
  CU_ASSERT_EQUAL(manifest_write(run, &m), STATUS_OK);
  expect(STATUS_DATA, NULL);
  m.shard_count = 0;
  CU_ASSERT_EQUAL(manifest_write(run, &m), STATUS_OK);
  expect(STATUS_DATA, NULL);
  arena_free(&a);
}

static void running_out_of_memory_anywhere_is_a_status(void) {
  fresh("memory");
  int failures = 0;
  for (int64_t n = 0; n < 10000; n++) {
    arena a = {0};
    manifest m;
    arena_fail_after(n);
    status result = manifest_verify(run, &m, &a);
    if (result == STATUS_OK) result = manifest_write(run, &m);
    arena_fail_after(-1);
    arena_free(&a);
    if (result == STATUS_OK) break;
    CU_ASSERT_EQUAL(result, STATUS_BUG);
    failures++;
  }
  CU_ASSERT_TRUE(failures > 10 && failures < 10000);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_whole_run_is_proven_and_read_back),      TEST(inputs_models_and_stages_come_back),
      TEST(each_way_to_spoil_a_run_has_its_sentence), TEST(an_edited_manifest_is_noticed_at_every_byte),
      TEST(accounts_that_do_not_balance_are_refused), TEST(running_out_of_memory_anywhere_is_a_status),
  };
  return SUITE_RUN("manifest", tests);
}
