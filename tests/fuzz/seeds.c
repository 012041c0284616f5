/* Writes the seeds of the corpus: `fuzz_seeds FOLDER` fills FOLDER/TARGET with small files by our own writers, each
 * with the bytes before it that choose how a target uses it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "io/checkpoint_file.h"
#include "io/tensor_file.h"
#include "unit/io/sample_work.h"

static const char *corpus;
static arena memory;

/* FOLDER/TARGET/NAME: the `choice_count` bytes of `choice`, then the content. */
static void put(const char *target, const char *name, const char *choice, size_t choice_count, const void *bytes,
                size_t count) {
  char *text = NULL, path[700];
  snprintf(path, sizeof path, "%s/%s", corpus, target);
  CU_ASSERT_EQUAL(file_make_folder(path), STATUS_OK);
  snprintf(path, sizeof path, "%s/%s/%s", corpus, target, name);
  CU_ASSERT_EQUAL(ARENA(&memory, (int64_t)(choice_count + count), &text), STATUS_OK);
  memcpy(text, choice, choice_count);
  if (count > 0) memcpy(text + choice_count, bytes, count);
  CU_ASSERT_EQUAL(file_write(path, text, choice_count + count), STATUS_OK);
}

static void put_text(const char *target, const char *name, char choice, const char *text) {
  put(target, name, &choice, 1, text, strlen(text));
}

__attribute__((format(printf, 3, 4))) static char *read_from(int64_t *count, const char *folder, const char *format,
                                                             ...) {
  char name[300], path[800], *bytes = NULL;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(name, sizeof name, format, arguments);
  va_end(arguments);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  CU_ASSERT_EQUAL(file_read(path, &memory, &bytes, count), STATUS_OK);
  return bytes;
}

/* format + 5 × encoding + 15 × header, then ranges − 1 + 4 × packing + 32 × repetition: see target_table.c */
static void put_table(const char *name, int format, int encoding, int header, int ranges, int packing, int times,
                      const char *text) {
  const char choice[2] = {(char)(format + 5 * encoding + 15 * header), (char)(ranges - 1 + 4 * packing + 32 * times)};
  put("table", name, choice, 2, text, strlen(text));
}

static void tables(void) {
  static const char plain[] = "u1,i1,2024-01-01\nu2,i2,2024-01-02\n\nu3,i3,2024-01-03\r\n";
  static const char quoted[] = "user,item,title\nu1,\"i,1\",\"a \"\"b\"\"\nc\"\nu2,i2,\"x\" y\nu3,\"open,z\nu4,i4,d\n";
  put_table("csv", 0, 0, 0, 3, 0, 0, plain);
  put_table("csv_quoted", 0, 0, 1, 4, 0, 0, quoted);
  put_table("csv_quoted_twin", 0, 0, 0, 2, 0, 6, quoted);
  put_table("csv_mark", 0, 0, 1, 1, 0, 0, "\xEF\xBB\xBFuser,item\nu,\xE7\x94\xA8\n\xFF,x\n");
  put_table("csv_repeated", 0, 0, 0, 4, 0, 7, plain);
  put_table("csv_frames", 0, 0, 0, 4, 2, 7, quoted);
  put_table("tsv", 1, 0, 1, 2, 0, 0, "user\titem\nu1\t\"i1\nu2\n");
  put_table("pipe_latin1", 2, 2, 0, 2, 0, 0, "1|Misérables|1995\n2|\xE9t\xE9|\n");
  put_table("list", 3, 0, 0, 3, 0, 0, "u1 i1 i2  i3\t i4\nu2\n  \nu3 i1\n");
  put_table("list_long", 3, 0, 0, 3, 0, 7, "u1 i1 i2 i3 i4 i5 i6 i7 i8 i9 ");
  put_table("lines", 4, 0, 0, 2, 0, 0, "user-1\n\"user\",2\n\r\nuser 3");
  put_table("gb18030", 0, 1, 1, 2, 0, 0, "user,\xB1\xEA\xCC\xE2\nu1,\xD3\xC3\xBB\xA7\nu2,\x84\x31\x95\x33\nu3,\xFF\n");
  char packed[400];
  const size_t used = ZSTD_compress(packed, sizeof packed, quoted, strlen(quoted), 3);
  const char choice[2] = {15, 2 + 4 * 1};
  put("table", "csv_zst", choice, 2, packed, used);
  put("table", "csv_zst_cut", choice, 2, packed, used / 2);
}

static void settings_texts(void) {
  put_text("settings", "job", 0,
           "job: demo\nnight: 2024-04-30\npartitions: {users: 16, items: 8}\ninputs:\n  interactions:\n"
           "    path: ${NIGHTMAIL_DATA}/events.csv\n    columns: {user: user, item: item}\n    exclude:\n"
           "      - {column: item, test: prefix, values: \"gift,fee\", reason: no_item}\n  rejects_share: 0.05\n"
           "  copy:\n    paths: [a.csv, b.csv]\nevents:\n  kinds:\n    - {name: view, means: viewed, weight: 1}\n"
           "    - name: buy\n      means: bought\n      weight: 4.5\nmoney: '%'\n");
  put_text("settings", "job_faults", 0,
           "job: x\njob: y\nals:\n  widht: 3\n  width: [1, 2]\nevents: {kinds: {a: b}}\n? [a]\n: b\n*x\n");
  put_text("settings", "job_deep", 0, "a: {b: {c: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}}\n");
  put_text("settings", "job_two", 0, "--- {job: a}\n--- {job: b}\n");
  put_text("settings", "job_scalars", 0, "job: |\n  a\n  b\nmoney: \"\\u0024%\"\nlanguage: !!str en\nnight: ~\n");
  put_text("settings", "partition", 1, "layout:\n  event_cost: 1\n  user_cost: 8\n  ranks_per_node: 8\n");
  put_text("settings", "partition_wrong", 1, "layout: {ranks_per_node: 1e9, lines: 3}\nals: {width: 3}\n");
  put_text("settings", "set", 2, "als.width=32\nevents.kinds[0].name=view\nevents.kinds[0].weight=2\njob=a b\n");
  put_text("settings", "set_list", 2,
           "generate.banned=a, b ,c\ninputs.copy.paths[0]=x\ninputs.interactions.names=a,b\n");
  put_text("settings", "set_unknown", 2, "als.widht=32\n");
  put_text("settings", "set_far", 2, "inputs.interactions.exclude[4095].column=a\n");
}

static void people_and_items(void) {
  put_text("suppression", "list", 2, "user-1\n\"user,2\"\nuser-3,reason\n\n  user 4\t2024\n\"a\"\"b\"\n");
  put_text("suppression", "list_packed", 16 + 3, "user-1\nuser-2\nuser-3\n");
  put_text("suppression", "list_broken", 1, "user-1\n\xFF\xFE\n");
  put_text("suppression", "users", 8 + 1, "user,language\nu1,zh\nu2,\nu3,xx\n,en\nu1,en\n\"u\n4\",zh\n");
  put_text("catalogue", "shop", 0,
           "item,title_zh,title_en,category_zh,category_en,keywords_en,price,old_price,added,available,domain\n"
           "i1,智能手表,Smart Watch,数码,Electronics,watch;smart,199.00,249,2024-04-01,1,shop\n"
           "i2,,<Red> Tea\xE2\x80\x8E  Pot,,Kitchen,,12.345,,2024-04-01T08:00:00Z,0,\ni3,,,,,,,,,,\n"
           "i1,twice,,,,,1,,,,\ni4,x,,,,,-1,,,,\ni5,x,,,,,,,never,,\ni6,x,,,,,,,,,moon\n");
  put_text("catalogue", "films", 1,
           "1|Godfather, The (1972)|01-Jan-1972|0|1\n2|Mis\xE9rables, Les|14-Feb-1996|1|1\n3|unknown||0|0\n");
  put_text(
      "catalogue", "retail", 2,
      "item\ttitle\tprice\tadded\n85123A\tWHITE HANGING HEART T-LIGHT HOLDER\t2.55\t1 December 10 08:26:00 AM +0800\n"
      "22\tx\t9e9\t\n23\tRED LAMP\t1\t31 february 99 12:00:60 pm Z\n");
  put_text("catalogue", "gb18030", 3,
           "item,title,category,added\n1,\xD3\xC3\xBB\xA7\xB1\xEA\xCC\xE2,\xCA\xFD\xC2\xEB,1714435200.5\n");
}

/* The members of a sealed file without its seal. */
static size_t unsealed(int64_t count) {
  return (size_t)count - (sizeof ",\n  \"digest\": \"" - 1 + DIGEST_TEXT - 1 + sizeof "\"\n}\n" - 1);
}

static void run_files(void) {
  char run[400];
  int64_t count = 0;
  snprintf(run, sizeof run, "%s/run", suite_folder());
  CU_ASSERT_EQUAL(sample_run(run, "demo"), STATUS_OK);
  for (int i = 0; i < SAMPLE_SHARDS; i++) {
    char name[64], label[40], plain[4096];
    shard_name(i, SAMPLE_SHARDS, name);
    const char *bytes = read_from(&count, run, "%s", name);
    const size_t length = ZSTD_decompress(plain, sizeof plain, bytes, (size_t)count);
    CU_ASSERT_FALSE(ZSTD_isError(length));
    snprintf(label, sizeof label, "shard_%d", i);
    put("shard", label, i == 0 ? "\0" : "\7", 1, plain, length);
    put("index", label, i == 0 ? "\0" : "\1", 1, bytes, (size_t)count);
    snprintf(label, sizeof label, "shard_%d_small_frames", i);
    put("shard", label, "\1", 1, plain, length);
    shard_summary summary;
    CU_ASSERT_EQUAL(sample_shard(run, "demo", i, 3 * i, 3 + 2 * i, 1, &summary), STATUS_OK);
    bytes = read_from(&count, run, "%s", name);
    put("index", label, "\1", 1, bytes, (size_t)count);
  }
  char *text = read_from(&count, run, "MANIFEST.json");
  put("manifest", "manifest", "\0", 1, text, (size_t)count);
  put("manifest", "manifest_sealed_by_us", "\2", 1, text, unsealed(count));
}

static void sealed_files(void) {
  int64_t peaks[2] = {1 << 20, 1 << 21}, work[4] = {1, 2, 3, 4}, count = 0;
  stage_use use[2] = {{1.5, 0.25, 0.125, 1, 4096, 12}, {1.25, 0.5, 0.125, 0.75, 2048, 12}};
  stage_done done = {.stage = "ingest",
                     .fingerprint = "f",
                     .seconds = 1.5,
                     .ranks = 2,
                     .peak_bytes = 1 << 21,
                     .peak_bytes_sum = 3 << 20,
                     .peaks = peaks,
                     .use = use,
                     .work = work,
                     .work_count = 4,
                     .summary = "\"recall\": 0.31, \"curve\": [1, 2.5, null]"};
  accounts_add(&done.numbers, "users", 8);
  CU_ASSERT_EQUAL(stage_done_write(suite_folder(), &done), STATUS_OK);
  char *text = read_from(&count, suite_folder(), "work/ingest/DONE.json");
  put("manifest", "done", "\1", 1, text, (size_t)count);
  put("manifest", "done_sealed_by_us", "\3", 1, text, unsealed(count));

  shard_summary shards[SAMPLE_SHARDS] = {{.name = "messages-00000-of-00002.pb.zst"},
                                         {.name = "messages-00001-of-00002.pb.zst"}};
  manifest_input file = {.name = "inputs.interactions", .path = "events.csv", .bytes = 5};
  digest_bytes("x", 1, file.digest);
  for (int i = 0; i < SAMPLE_SHARDS; i++) {
    memcpy(shards[i].digest, file.digest, DIGEST_TEXT);
    memcpy(shards[i].plain_digest, file.digest, DIGEST_TEXT);
  }
  manifest m = sample_manifest("demo", shards);
  m.inputs = m.models = &file;
  m.stages = &done;
  m.input_count = m.model_count = m.stage_count = 1;
  static char names[ACCOUNTS_MOST][8];
  for (int i = 0; i < ACCOUNTS_MOST; i++) {
    snprintf(names[i], sizeof names[i], "r%d", i);
    accounts_add(&m.reasons, names[i], i);
  }
  CU_ASSERT_EQUAL(manifest_write(suite_folder(), &m), STATUS_OK);
  text = read_from(&count, suite_folder(), "MANIFEST.json");
  put("manifest", "manifest_of_everything", "\2", 1, text, unsealed(count));

  checkpoint_piece pieces[3] = {{.bytes = 12}, {.bytes = 0}, {.bytes = 7}};
  for (int i = 0; i < 3; i++) digest_bytes("not a tensor", 12, pieces[i].digest);
  checkpoint_head head = {.phase = "gan",
                          .fingerprint = "f",
                          .generation = 4,
                          .step = 200,
                          .time = 1714435200,
                          .parts = 2,
                          .piece = pieces};
  CU_ASSERT_EQUAL(checkpoint_head_write(suite_folder(), &head), STATUS_OK);
  text = read_from(&count, suite_folder(), "CHECKPOINT.json");
  put("checkpoint", "head", "\0", 1, text, (size_t)count);
  put("checkpoint", "head_other_slot", "\1", 1, text, (size_t)count);
  put("checkpoint", "head_sealed_by_us", "\2", 1, text, unsealed(count));
}

/* Once as it is, once with the checksums put right, once with the places too: see target_tensor.c */
static void put_tensors(const char *name, int noun, const char *bytes, int64_t count) {
  char label[60], choice;
  for (int repair = 0; repair < 3; repair++) {
    choice = (char)(noun + 9 * repair);
    snprintf(label, sizeof label, "%s_%d", name, repair);
    put("tensor", label, &choice, 1, bytes, (size_t)count);
  }
}

static void put_work(const char *name, int noun) {
  int64_t count = 0;
  const char *bytes = read_from(&count, suite_folder(), "work/%s.nmt", name);
  put_tensors(name, noun, bytes, count);
}

static void tensors(void) {
  char run[400], path[500], *file = NULL;
  snprintf(run, sizeof run, "%s/night", suite_folder());
  CU_ASSERT_EQUAL(file_make_folder(run), STATUS_OK);
  sample_work(run, &memory, "u-1");
  int64_t count = 0;
  digest_key key;
  CU_ASSERT_EQUAL(digest_key_load("", 7, &key), STATUS_OK);
  const int index = partition_of(digest_user(&key, "u-1", 3), SAMPLE_SHARDS);
  static const struct {
    const char *name;
    int noun;
  } nouns[] = {{"ingest/items", 0}, {"profile/words", 2}};
  for (int i = 0; i < 2; i++) {
    file = read_from(&count, run, "work/%s.nmt", nouns[i].name);
    put_tensors(strchr(nouns[i].name, '/') + 1, nouns[i].noun, file, count);
  }
  file = read_from(&count, run, "work/ingest/users-%05d-of-%05d.nmt", index, SAMPLE_SHARDS);
  put_tensors("users", 1, file, count);
  file = read_from(&count, run, "work/profile/profiles-%05d-of-%05d.nmt", index, SAMPLE_SHARDS);
  put_tensors("profiles", 3, file, count);
  file = read_from(&count, run, "work/decide/decisions-%05d-of-%05d.nmt", index, SAMPLE_SHARDS);
  put_tensors("decisions", 7, file, count);

  float reals[8] = {1, 2, 3, 4};
  const factors f = {2, 3, reals, reals};
  const item_model m = {f, 3.5, reals};
  copy_line lines[2] = {{.language = LANGUAGE_EN, .tone = TONE_PICK, .slots = 1, .item = -1, .text = "See <title>"},
                        {.language = LANGUAGE_ZH, .tone = TONE_HOT, .slots = 1, .item = 3, .text = "看看<title>"}};
  const copy c = {2, lines};
  tensor_file t = {0};
  tensor_file_add(&t, "weights", TENSOR_F32, 2, 4, reals);
  tensor_file_add(&t, "empty", TENSOR_F64, 0, 4, reals);
  tensor_file_add(&t, "step", TENSOR_I64, 1, 1, reals);
  snprintf(path, sizeof path, "%s/work", suite_folder());
  CU_ASSERT_EQUAL(file_make_folder(path), STATUS_OK);
  snprintf(path, sizeof path, "%s/work/factors.nmt", suite_folder());
  CU_ASSERT_EQUAL(work_file_save_factors(path, &f), STATUS_OK);
  put_work("factors", 4);
  snprintf(path, sizeof path, "%s/work/item_model.nmt", suite_folder());
  CU_ASSERT_EQUAL(work_file_save_item_model(path, &m), STATUS_OK);
  put_work("item_model", 5);
  snprintf(path, sizeof path, "%s/work/copy.nmt", suite_folder());
  CU_ASSERT_EQUAL(work_file_save_copy(path, &c), STATUS_OK);
  put_work("copy", 6);
  snprintf(path, sizeof path, "%s/work/checkpoint.nmt", suite_folder());
  CU_ASSERT_EQUAL(tensor_file_write(path, "checkpoint", &t), STATUS_OK);
  put_work("checkpoint", 8);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 64;
  }
  corpus = argv[1];
  static const suite_test seeds[] = {TEST(tables),    TEST(settings_texts), TEST(people_and_items),
                                     TEST(run_files), TEST(sealed_files),   TEST(tensors)};
  const int result = SUITE_RUN("seeds", seeds);
  arena_free(&memory);
  suite_folder_remove();
  return result;
}
