#include "fault/subjects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/settings.h"
#include "io/checkpoint_file.h"
#include "io/leftovers.h"
#include "io/log_reader.h"
#include "io/settings_file.h"
#include "io/table_reader.h"
#include "io/tensor_file.h"
#include "unit/io/sample_work.h"

const char *subjects_folder(void) { return suite_folder(); }

const char *subjects_path(const char *name) {
  static char paths[8][512];
  static int turn;
  char *path = paths[turn++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", suite_folder(), name);
  return path;
}

/* What the last subject came to. */
static uint64_t sum;
static void add(const void *bytes, size_t count) { sum = sum * 0x9E3779B97F4A7C15u + digest_block(bytes, count); }
static void add_text(const char *text) { add(text, strlen(text)); }
static uint64_t seen_sum(void) { return sum; }

static status read_settings(arena *a) {
  settings *s = NULL;
  char *text = NULL;
  sum = 0;
  TRY(settings_create(a, &s));
  TRY(settings_file_read(TEST_DATA "/tiny.yaml", s));
  TRY(settings_check(s));
  TRY(settings_print(s, NULL, a, &text));
  add_text(text);
  return STATUS_OK;
}

static status read_table(const char *name, table_encoding encoding, int index, int count) {
  const table_options options = {.format = TABLE_CSV, .encoding = encoding, .has_header = 1};
  static table_row row;
  table_reader *r = NULL;
  TRY(table_reader_open(subjects_path(name), &options, index, count, &r));
  status result = STATUS_OK;
  for (int more = 1; result == STATUS_OK && more;) {
    result = table_reader_next(r, &row, &more);
    for (int i = 0; result == STATUS_OK && more && i < row.count; i++) add(row.field[i], (size_t)row.length[i]);
  }
  table_reader_close(r);
  return result;
}

static status read_tables(arena *a) {
  (void)a;
  sum = 0;
  TRY(read_table("table.csv", TABLE_UTF8, 0, 2));
  TRY(read_table("table.csv", TABLE_UTF8, 1, 2));
  return read_table("table.csv", TABLE_GB18030, 0, 1);
}

static status read_packed_table(arena *a) {
  (void)a;
  sum = 0;
  return read_table("table.csv.zst", TABLE_LATIN1, 1, 2);
}

static status read_work(arena *a) {
  catalogue c;
  users u;
  profiles p;
  words w;
  decisions d;
  char *path = NULL;
  digest_key key;
  sum = 0;
  TRY(digest_key_load("", 7, &key));
  const int index = partition_of(digest_user(&key, "u-1", 3), SAMPLE_SHARDS);
  TRY(work_file_path(a, subjects_path("run"), "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, a, &c));
  TRY(work_file_path(a, subjects_path("run"), "ingest", "users", index, SAMPLE_SHARDS, &path));
  TRY(work_file_load_users(path, c.count, a, &u));
  TRY(work_file_path(a, subjects_path("run"), "profile", "profiles", index, SAMPLE_SHARDS, &path));
  TRY(work_file_load_profiles(path, a, &p));
  TRY(work_file_path(a, subjects_path("run"), "profile", "words", 0, 0, &path));
  TRY(work_file_load_words(path, c.count, a, &w));
  TRY(work_file_path(a, subjects_path("run"), "decide", "decisions", index, SAMPLE_SHARDS, &path));
  TRY(work_file_load_decisions(path, a, &d));
  add(c.id, (size_t)c.count * sizeof *c.id);
  add_text(strings_at(&c.title[0], 0));
  add(u.id, (size_t)u.count * sizeof *u.id);
  add(p.hour, (size_t)p.count);
  add_text(strings_at(&w.word, 1));
  add(d.item, (size_t)d.count * sizeof *d.item);
  return STATUS_OK;
}

static status read_tensors(arena *a) {
  tensor_file f;
  void *data = NULL;
  int64_t rows = 0;
  sum = 0;
  TRY(tensor_file_read(subjects_path("tensors.nmt"), "sample", a, &f));
  TRY(tensor_file_get(&f, "a", TENSOR_I64, -1, 3, &data, &rows));
  add(data, (size_t)rows * 3 * sizeof(int64_t));
  return STATUS_OK;
}

static status read_shard(arena *a) {
  char name[64], path[600];
  shard_reader *r = NULL;
  message m;
  int more = 1, found = 0;
  (void)a;
  sum = 0;
  shard_name(0, SAMPLE_SHARDS, name);
  snprintf(path, sizeof path, "%s/%s", subjects_path("run"), name);
  TRY(shard_reader_open(path, &r));
  status result = STATUS_OK;
  while (result == STATUS_OK && more) {
    result = shard_reader_next(r, &m, &more);
    if (result == STATUS_OK && more) add_text(m.text);
  }
  if (result == STATUS_OK) result = shard_reader_find(r, sample_message(1).user, &m, &found);
  if (result == STATUS_OK) add_text(found ? m.text : "none");
  shard_reader_close(r);
  return result;
}

static status verify_run(arena *a) {
  static manifest m;
  sum = 0;
  TRY(manifest_verify(subjects_path("run"), &m, a));
  add_text(m.job);
  for (int i = 0; i < m.shard_count; i++) add_text(m.shards[i].digest);
  for (int i = 0; i < m.users.count; i++) add_text(m.users.entry[i].name);
  add(&m.rows_read, sizeof m.rows_read);
  return STATUS_OK;
}

static stage_done sample_done(void) {
  static int64_t work[3] = {5, 0, 9000000000};
  stage_done d = {.stage = "ingest",
                  .fingerprint = "a fingerprint of more than a few characters",
                  .ranks = 1,
                  .work = work,
                  .work_count = 3,
                  .summary = "\"recall@20\": 0.31, \"a name of more than a few characters\": [1, 2, 123456789012]"};
  accounts_add(&d.numbers, "users", 7);
  accounts_add(&d.numbers, "a number of more than a few characters", 1234567890123);
  return d;
}

static status read_done(arena *a) {
  stage_done d;
  int found = 0;
  sum = 0;
  TRY(stage_done_read(subjects_path("run"), "ingest", a, &d, &found));
  if (!found) return STATUS_OK;
  add_text(d.fingerprint);
  add_text(d.summary);
  for (int i = 0; i < d.numbers.count; i++) {
    add_text(d.numbers.entry[i].name);
    add(&d.numbers.entry[i].count, sizeof d.numbers.entry[i].count);
  }
  add(d.work, (size_t)d.work_count * sizeof *d.work);
  return STATUS_OK;
}

static status read_log(arena *a) {
  log_entries e;
  sum = 0;
  TRY(log_reader_read(subjects_path("log.jsonl"), a, &e));
  add(&e.count, sizeof e.count);
  for (int64_t i = 0; i < e.count; i++) {
    add_text(e.entry[i].event);
    const double loss = log_reader_number(&e.entry[i], "loss", 0);
    add(&loss, sizeof loss);
  }
  return STATUS_OK;
}

static status read_checkpoint(arena *a) {
  checkpoint_head h;
  char *path = NULL;
  int found = 0;
  sum = 0;
  TRY(checkpoint_head_read(subjects_path("run"), "train", "writer", 1, a, &h, &found));
  if (!found) return STATUS_OK;
  TRY(checkpoint_piece_path(a, subjects_path("run/work/train/writer-1"), 0, h.parts, &path));
  TRY(checkpoint_piece_check(path, &h.piece[0]));
  add_text(h.fingerprint);
  add(&h.step, sizeof h.step);
  return STATUS_OK;
}

static status read_digests(arena *a) {
  char text[DIGEST_TEXT];
  digest_key key;
  (void)a;
  sum = 0;
  TRY(digest_key_load(subjects_path("key"), 7, &key));
  add(key.bytes, sizeof key.bytes);
  TRY(digest_file(subjects_path("table.csv"), text));
  add_text(text);
  return STATUS_OK;
}

/* A digest of the file that was written. */
static const char *written;
static uint64_t seen_file(void) {
  char text[DIGEST_TEXT] = "";
  CU_ASSERT_EQUAL(digest_file(subjects_path(written), text), STATUS_OK);
  return digest_block(text, strlen(text));
}

static status write_file(arena *a) {
  static char block[300000];
  (void)a;
  written = "out.bin";
  for (size_t i = 0; i < sizeof block; i++) block[i] = (char)(i % 251);
  file_writer *w = NULL;
  TRY(file_writer_open(subjects_path(written), &w));
  status result = STATUS_OK;
  for (size_t size = 1; size <= sizeof block && result == STATUS_OK; size *= 7)
    result = file_writer_append(w, block, size);
  if (result == STATUS_OK) return file_writer_commit(w);
  file_writer_abandon(w);
  return result;
}

static status write_tensors_to(const char *name) {
  static const int64_t values[6] = {1, 2, 3, -4, 5, 6};
  tensor_file f = {0};
  written = name;
  tensor_file_add(&f, "a", TENSOR_I64, 2, 3, values);
  tensor_file_add(&f, "b", TENSOR_I64, 6, 1, values);
  return tensor_file_write(subjects_path(name), "sample", &f);
}
static status write_tensors(arena *a) {
  (void)a;
  return write_tensors_to("out.nmt");
}

static status write_shard(arena *a) {
  shard_summary s;
  (void)a;
  written = "messages-00001-of-00002.pb.zst";
  return sample_shard(suite_folder(), "demo", 1, 3, 5, 64, &s);
}

static status write_manifest(arena *a) {
  static shard_summary shards[SAMPLE_SHARDS];
  (void)a;
  written = "MANIFEST.json";
  const manifest m = sample_manifest("demo", shards);
  return manifest_write(suite_folder(), &m);
}

static status write_done(arena *a) {
  (void)a;
  written = "work/ingest/DONE.json";
  const stage_done d = sample_done();
  return stage_done_write(suite_folder(), &d);
}

static status write_checkpoint_to(const char *folder) {
  checkpoint_piece pieces[2] = {{0}};
  const checkpoint_head h = {
      .phase = "writer", .fingerprint = "abc", .generation = 3, .step = 41, .time = 1, .parts = 1, .piece = pieces};
  TRY(checkpoint_piece_read(subjects_path("tensors.nmt"), &pieces[0]));
  pieces[1] = pieces[0];
  return checkpoint_head_write(folder, &h);
}
static status write_checkpoint(arena *a) {
  (void)a;
  written = "CHECKPOINT.json";
  return write_checkpoint_to(suite_folder());
}

static status remove_leftovers(arena *a) {
  (void)a;
  written = "key";
  return leftovers_remove(subjects_path("run"), SAMPLE_SHARDS);
}

const subject subjects[] = {
    {"settings", read_settings, seen_sum, NULL},
    {"tables", read_tables, seen_sum, NULL},
    {"a packed table", read_packed_table, seen_sum, NULL},
    {"work files", read_work, seen_sum, NULL},
    {"tensors", read_tensors, seen_sum, NULL},
    {"a shard", read_shard, seen_sum, NULL},
    {"a whole run", verify_run, seen_sum, NULL},
    {"a commit", read_done, seen_sum, NULL},
    {"a log", read_log, seen_sum, NULL},
    {"a checkpoint", read_checkpoint, seen_sum, NULL},
    {"digests", read_digests, seen_sum, NULL},
    {"leftovers", remove_leftovers, seen_file, NULL},
    {"writing a file", write_file, seen_file, "out.bin"},
    {"writing tensors", write_tensors, seen_file, "out.nmt"},
    {"writing a shard", write_shard, seen_file, "messages-00001-of-00002.pb.zst"},
    {"writing a manifest", write_manifest, seen_file, "MANIFEST.json"},
    {"writing a commit", write_done, seen_file, "work/ingest/DONE.json"},
    {"writing a checkpoint's head", write_checkpoint, seen_file, "CHECKPOINT.json"},
};
const int subjects_count = (int)(sizeof subjects / sizeof *subjects);

static void must(status s) {
  if (s == STATUS_OK) return;
  fprintf(stderr, "cannot prepare: %s\n", status_text());
  abort();
}

static void prepare_tables(void) {
  static char text[40000], packed[50000];
  size_t n = (size_t)sprintf(text, "user,title,price\n");
  for (int i = 0; n < sizeof text - 100; i++)
    n += (size_t)sprintf(text + n, "u%d,\"a title, %d, \xD6\xD0\",%d\n", i, i * 7, i);
  must(file_write(subjects_path("table.csv"), text, n));
  const size_t bytes = ZSTD_compress(packed, sizeof packed, text, n, 1);
  if (ZSTD_isError(bytes)) abort();
  must(file_write(subjects_path("table.csv.zst"), packed, bytes));
}

static void prepare_log(void) {
  char text[4000];
  size_t n = 0;
  for (int i = 0; i < 5; i++)
    n += (size_t)sprintf(text + n,
                         "{\"time\": \"2024-04-30T00:00:00Z\", \"stage\": \"train\", \"event\": \"an epoch with a long "
                         "name\", \"epoch\": %d, \"loss\": %d.123456789}\n",
                         i, i);
  must(file_write(subjects_path("log.jsonl"), text, n));
}

void subjects_prepare(void) {
  arena a = {0};
  const stage_done d = sample_done();
  prepare_tables();
  prepare_log();
  must(sample_run(subjects_path("run"), "demo"));
  sample_work(subjects_path("run"), &a, "u-1");
  must(stage_done_write(subjects_path("run"), &d));
  must(write_tensors_to("tensors.nmt"));
  must(file_make_folder(subjects_path("run/work/train/writer-1")));
  must(write_tensors_to("run/work/train/writer-1/shared.nmt"));
  must(write_checkpoint_to(subjects_path("run/work/train/writer-1")));
  must(file_write(subjects_path("key"), "sixteen or more bytes", 21));
  arena_free(&a);
}
