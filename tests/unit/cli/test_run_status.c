/* nightmail status and where, of run folders that are made up: each state, for people and for programs. A run at work
 * is in tests/pipeline/status.sh. */
#include "cli/run_status.h"

#include "base/clock.h"
#include "base/log.h"
#include "cli/pipeline_rows.h"
#include "cli/where.h"
#include "io/checkpoint_file.h"
#include "io/stage_done.h"
#include "unit/cli/calling.h"

static char folder[500];

/* A folder with nothing but the name, or with the log of one start. */
static void begin(const char *name) {
  snprintf(folder, sizeof folder, "%s/%s", suite_folder(), name);
  CU_ASSERT_EQUAL_FATAL(file_make_folder(folder), STATUS_OK);
}

static log_file *open_log(void) {
  char path[600];
  log_file *l = NULL;
  snprintf(path, sizeof path, "%s/log.jsonl", folder);
  CU_ASSERT_EQUAL_FATAL(log_open(path, &l), STATUS_OK);
  return l;
}

static void log_start(void) {
  log_file *l = open_log();
  log_event(l, "run", "start", LOG_INT("unix", clock_unix()), LOG_TEXT("host", "n3"), LOG_TEXT("slurm_job_id", "42"),
            LOG_INT("ranks", 8));
  log_event(l, "ingest", "rows", LOG_INT("ranks", 99));
  log_close(l);
}

static void log_end(const char *event, int code, const char *sentence) {
  log_file *l = open_log();
  log_event(l, "run", event, LOG_INT("unix", clock_unix()), LOG_INT("code", code), LOG_TEXT("sentence", sentence));
  log_close(l);
}

static void finish(int stages) {
  static int64_t peaks[2] = {3 << 20, 2 << 20};
  for (int i = 0; i < stages; i++) {
    const stage_done d = {.stage = pipeline_rows[i].name,
                          .fingerprint = "f",
                          .seconds = 100,
                          .ranks = 2,
                          .peak_bytes = 3 << 20,
                          .peak_bytes_sum = 5 << 20,
                          .peaks = peaks,
                          .summary = ""};
    CU_ASSERT_EQUAL(stage_done_write(folder, &d), STATUS_OK);
  }
}

static void put(const char *name, const char *text) {
  char path[700];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  CU_ASSERT_EQUAL(file_write(path, text, strlen(text)), STATUS_OK);
}

static void keep(const char *name, int64_t generation, int64_t step) {
  char *where = NULL, *path = NULL;
  checkpoint_piece piece = {0};
  CU_ASSERT_EQUAL_FATAL(checkpoint_folder(&memory, folder, name, "writer", (int)(generation % 2), &where), STATUS_OK);
  CU_ASSERT_EQUAL(file_make_folder(where), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_piece_path(&memory, where, 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(file_write(path, "x", 1), STATUS_OK);
  CU_ASSERT_EQUAL(checkpoint_piece_read(path, &piece), STATUS_OK);
  const checkpoint_head head = {.phase = "writer",
                                .fingerprint = "f",
                                .generation = generation,
                                .step = step,
                                .time = clock_unix() - 120 + generation,
                                .piece = &piece,
                                .bytes = 1};
  CU_ASSERT_EQUAL(checkpoint_head_write(where, &head), STATUS_OK);
}

/* The mark of the folder now, until the test ends. */
static const char *mark(void) {
  CU_ASSERT_EQUAL(CALL(run_status_command, "status", folder, "--mark"), STATUS_OK);
  return printed;
}

#define LACKS(word) CU_ASSERT_PTR_NULL(strstr(printed, (word)))

static void show(void) { CU_ASSERT_EQUAL(CALL(run_status_command, "status", folder), STATUS_OK); }
static void show_json(void) { CU_ASSERT_EQUAL(CALL(run_status_command, "status", folder, "--json"), STATUS_OK); }

static void wrong_usage_is_one_sentence(void) {
  CU_ASSERT_EQUAL(CALL(run_status_command, "status"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(run_status_command, "status", "a", "b"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(run_status_command, "status", "a", "--json", "--mark"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(run_status_command, "status", "/nowhere"), STATUS_MISSING);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "no such run folder"));
  CU_ASSERT_EQUAL(CALL(where_command, "where", "/nowhere.yaml"), STATUS_MISSING);
  CU_ASSERT_EQUAL(printed[0], '\0');
  CU_ASSERT_EQUAL(CALL(run_status_command, "status", "--help"), STATUS_OK);
  HAS("usage: nightmail status");
  CU_ASSERT_EQUAL(CALL(where_command, "where", "--help"), STATUS_OK);
  HAS("usage: nightmail where");
}

static void a_run_that_never_began_is_waiting(void) {
  begin("never");
  show();
  HAS(": waiting: nothing is done here yet\n");
  HAS("  ingest     pending\n");
  LACKS("done  ");
  LACKS("start");
  show_json();
  HAS("\"state\": \"waiting\"");
  HAS("\"starts\": 0");
  HAS("\"rate\": null");
}

static void a_run_that_failed_says_why(void) {
  begin("failed");
  log_start();
  finish(3);
  log_end("fail", STATUS_IO, "the disk is full");
  show();
  HAS(": stopped at ");
  HAS(", job 42 on n3, 8 ranks\n");
  HAS("  ingest     done       100 %");
  HAS("1 min 40 s");
  HAS("3 MiB");
  HAS("  train      stopped\n");
  HAS("  decide     pending\n");
  HAS("  why         input/output: the disk is full\n");
  show_json();
  HAS("\"state\": \"stopped\"");
  HAS("\"failure\": \"the disk is full\"");
  HAS("\"failure_code\": 74");
  HAS("\"stage\": \"train\"");
  HAS("\"slurm_job_id\": \"42\"");
}

static void a_run_that_ended_without_a_word_was_killed(void) {
  begin("killed");
  log_start();
  log_end("fail", STATUS_IO, "the disk is full");
  log_start();
  finish(3);
  put("progress.json",
      "{\"stage\": \"train\", \"note\": \"loss 3.21\", \"share\": 0.5129, \"rate\": 12.3, \"left\": 60, \"seconds\": "
      "90, "
      "\"peak_bytes\": 2147483648, \"time\": 1}");
  show();
  HAS(": stopped, job 42 on n3, 8 ranks, start 2\n"); /* it is not known when */
  HAS("it said nothing: it was killed");
  LACKS("the disk is full");
  HAS("51.2 %");
  HAS("1 min 30 s");
  HAS("2.0 GiB  loss 3.21");
  LACKS("12.3"); /* it is at no rate now */
  show_json();
  HAS("\"share\": 0.5129");
  HAS("\"left\": null");
}

static void a_run_that_was_asked_to_stop_is_waiting(void) {
  begin("asked");
  log_start();
  finish(3);
  keep("train", 1, 100);
  keep("train", 2, 200);
  log_end("again", 75, "asked to stop");
  put("progress.json", "{\"stage\": \"factorise\", \"share\": 0.5}"); /* of a stage that is done since */
  show();
  HAS(": waiting for its next start, since ");
  HAS("  train      waiting\n");
  HAS("  checkpoint  of train/writer at step 200, ");
  show_json();
  HAS("\"phase\": \"writer\"");
  HAS("\"generation\": 2");
}

static void a_mark_changes_if_and_only_if_work_was_kept(void) {
  begin("mark");
  const char *const nothing = mark();
  log_start();
  put("progress.json", "{\"stage\": \"ingest\", \"share\": 0.5}");
  CU_ASSERT_STRING_EQUAL(mark(), nothing);
  finish(3);
  const char *const three = mark();
  CU_ASSERT_STRING_NOT_EQUAL(three, nothing);
  keep("train", 1, 100);
  const char *const first = mark();
  CU_ASSERT_STRING_EQUAL(first, "done:3 train/writer:1:100\n");
  keep("train", 2, 200);
  CU_ASSERT_STRING_EQUAL(mark(), "done:3 train/writer:2:200\n");
  put("work/train/writer-0/CHECKPOINT.json", "{ damaged"); /* the first is still good */
  CU_ASSERT_STRING_EQUAL(mark(), first);
  finish(5);
  const char *const five = mark();
  CU_ASSERT_STRING_EQUAL(five, "done:5\n");
  put("messages-00000-of-00002.nmb.tmp", "x");
  CU_ASSERT_STRING_EQUAL(mark(), five);
  put("messages-00000-of-00002.nmb", "x");
  CU_ASSERT_STRING_NOT_EQUAL(mark(), five);
}

static void a_whole_night_is_finished(void) {
  fresh("whole");
  snprintf(folder, sizeof folder, "%s", run);
  log_start();
  finish(PIPELINE_ROWS);
  log_end("end", 0, "");
  show();
  HAS(": finished at ");
  HAS(", 5 messages, 11 min of work, job 42");
  LACKS("pending");
  show_json();
  HAS("\"state\": \"finished\"");
  HAS("\"messages\": 5");
  HAS("\"peak_bytes_by_rank\": [3145728, 2097152]");
  put("work/decide/DONE.json", "{ damaged");
  show();
  HAS(": waiting for its next start");
  HAS("  decide     waiting\n");
}

static void where_knows_the_folder_without_making_it(void) {
  char job[600];
  begin("jobs");
  put("a.yaml", "job: a\nruns: /nowhere/runs\nnight: 2024-05-01\ninputs:\n  interactions:\n    path: rows.csv\n");
  snprintf(job, sizeof job, "%s/a.yaml", folder);
  CU_ASSERT_EQUAL(CALL(where_command, "where", job), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(printed, "/nowhere/runs/a/2024-05-01\n");
  CU_ASSERT_EQUAL(CALL(where_command, "where", job, "--set", "night=n2"), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(printed, "/nowhere/runs/a/n2\n");
  CU_ASSERT_EQUAL(CALL(where_command, "where", job, "--run-dir", "here"), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(printed, "here\n");
}

int main(void) {
  const suite_test tests[] = {
      TEST(wrong_usage_is_one_sentence),
      TEST(a_run_that_never_began_is_waiting),
      TEST(a_run_that_failed_says_why),
      TEST(a_run_that_ended_without_a_word_was_killed),
      TEST(a_run_that_was_asked_to_stop_is_waiting),
      TEST(a_mark_changes_if_and_only_if_work_was_kept),
      TEST(a_whole_night_is_finished),
      TEST(where_knows_the_folder_without_making_it),
  };
  const int result = SUITE_RUN("run_status", tests);
  arena_free(&memory);
  return result;
}
