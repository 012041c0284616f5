/* test_io memory | writes: each of io's readers and writers with each of its requests for memory failing in turn, or
 * each of its calls on files; shim.c and memory.c must be loaded in front. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "fault/subjects.h"
#include "io/file.h"
#include "support/suite.h"

static void (*fail_at)(long);
static long (*taken)(void), (*held)(void), (*shim_restart)(void);

static long tried;

/* Blocks that are held, where we see them all: an address sanitizer duplicates texts on its own, and finds leaks
 * itself.
 */
static long blocks(void) {
#ifdef __SANITIZE_ADDRESS__
  return 0;
#else
  return held();
#endif
}

static int open_files(void) {
  int count = 0;
  for (int fd = 0; fd < 256; fd++) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

static void find(const char *name, void *function) {
  void *program = dlopen(NULL, RTLD_NOW), *found = program != NULL ? dlsym(program, name) : NULL;
  memcpy(function, &found, sizeof found);
}

static void complain(const char *name, const char *fault, long n, const char *what) {
  fprintf(stderr, "%s, %s %ld: %s (%s)\n", name, fault, n, what, status_text());
}

/* What must hold after a subject was disturbed: it came to what it comes to undisturbed, or says that it failed, as
 * `kind`; nothing is left open, held or half written. */
static int is_well(const subject *s, status result, status kind, uint64_t wanted, const char *fault, long n) {
  char temporary[600] = "";
  const char *complaint = NULL;
  if (s->writes != NULL) snprintf(temporary, sizeof temporary, "%s.tmp", subjects_path(s->writes));
  if (result == STATUS_OK && s->seen() != wanted) complaint = "succeeds with a wrong result";
  if (result != STATUS_OK && result != kind) complaint = "fails as something else";
  if (result != STATUS_OK && status_text()[0] == '\0') complaint = "fails without a sentence";
  if (result != STATUS_OK && s->writes != NULL && file_exists(subjects_path(s->writes)) && s->seen() != wanted)
    complaint = "leaves a half-written file";
  if (kind == STATUS_BUG && temporary[0] != '\0' && file_exists(temporary)) complaint = "leaves a temporary file";
  if (complaint != NULL) complain(s->name, fault, n, complaint);
  return complaint == NULL;
}

static void forget(const subject *s) {
  if (s->writes != NULL) CU_ASSERT_EQUAL(file_remove(subjects_path(s->writes)), STATUS_OK);
}

/* What a subject comes to when nothing is wrong; also fills whatever a library keeps from then on. */
static uint64_t undisturbed(const subject *s) {
  arena a = {0};
  forget(s);
  const status result = s->run(&a);
  if (result != STATUS_OK) complain(s->name, "undisturbed", 0, "fails");
  CU_ASSERT_EQUAL(result, STATUS_OK);
  arena_free(&a);
  return s->seen();
}

static void each_request_for_memory_fails(void) {
  for (int i = 0; i < subjects_count; i++) {
    const subject *s = &subjects[i];
    const uint64_t wanted = undisturbed(s);
    long n = 0;
    for (int reached = 1; reached; n++) {
      arena a = {0};
      forget(s);
      status_set_text("");
      const long before = blocks(), files = open_files();
      fail_at(n + 1);
      const status result = s->run(&a);
      reached = taken() > n;
      fail_at(0);
      arena_free(&a);
      const long after = blocks();
      if (after != before) complain(s->name, "request", n + 1, "leaks memory");
      CU_ASSERT_EQUAL(after, before);
      CU_ASSERT_EQUAL(open_files(), files);
      CU_ASSERT_TRUE(is_well(s, result, STATUS_BUG, wanted, "request", n + 1));
    }
    CU_ASSERT_TRUE(n > 1);
    printf("%s: %ld requests\n", s->name, n - 1);
    tried += n - 1;
  }
  printf("%ld requests for memory failed, one at a time\n", tried);
}

/* `how` at each call, once or from there on. Short reads and writes are no failure. */
static void fail_calls(const subject *s, const char *how, int stays) {
  const uint64_t wanted = undisturbed(s);
  char fault[64], number[32];
  long calls = 1;
  snprintf(fault, sizeof fault, "%s%s at call", how, stays ? " from there on" : "");
  setenv("SHIM_HOW", how, 1);
  for (long n = 0; n <= calls; n++) {
    arena a = {0};
    forget(s);
    status_set_text("");
    snprintf(number, sizeof number, "%ld", n);
    setenv("SHIM_UNDER", suite_folder(), 1);
    setenv("SHIM_AT", number, 1);
    if (stays && n > 0) setenv("SHIM_STAYS", "1", 1);
    const long before = blocks(), files = open_files();
    shim_restart();
    const status result = s->run(&a);
    if (n == 0) calls = shim_restart();
    unsetenv("SHIM_UNDER");
    unsetenv("SHIM_STAYS");
    arena_free(&a);
    const long after = blocks();
    if (after != before) complain(s->name, fault, n, "leaks memory");
    CU_ASSERT_EQUAL(after, before);
    CU_ASSERT_EQUAL(open_files(), files);
    CU_ASSERT_TRUE(is_well(s, result, strcmp(how, "short") == 0 ? STATUS_OK : STATUS_IO, wanted, fault, n));
    tried += n > 0;
  }
}

static void each_call_on_a_file_fails(void) {
  static const char *const hows[] = {"full", "error", "short"};
  for (int i = 0; i < subjects_count; i++)
    for (int h = 0; h < 3; h++)
      for (int stays = 0; stays < 2; stays++) fail_calls(&subjects[i], hows[h], stays);
  printf("%ld calls on files went wrong, one at a time or from one on\n", tried);
}

/* A log has no result: its lines are whole or lost, whatever fails, and what comes after is whole again. */
static void a_log_loses_whole_lines_only(void) {
  static const char *const hows[] = {"full", "error", "short"};
  for (int h = 0; h < 3; h++)
    for (int n = 1; n < 6; n++) {
      const char *path = subjects_path("lines.jsonl");
      char number[32];
      log_file *l = NULL;
      file_remove(path);
      snprintf(number, sizeof number, "%d", n);
      setenv("SHIM_HOW", hows[h], 1);
      setenv("SHIM_AT", number, 1);
      setenv("SHIM_UNDER", suite_folder(), 1);
      shim_restart();
      const status opened = log_open(path, &l);
      for (int i = 0; i < 4; i++) log_event(l, "train", "epoch", LOG_INT("epoch", i), LOG_TEXT("text", "a \"text\""));
      log_close(l);
      unsetenv("SHIM_UNDER");
      CU_ASSERT_TRUE(opened == STATUS_OK || opened == STATUS_IO);
      if (opened != STATUS_OK) continue;
      char line[1000];
      int whole = 0;
      FILE *f = fopen(path, "r");
      CU_ASSERT_PTR_NOT_NULL_FATAL(f);
      while (fgets(line, sizeof line, f) != NULL)
        whole += line[0] == '{' && strstr(line, "\"a \\\"text\\\"\"}\n") != NULL;
      fclose(f);
      CU_ASSERT_TRUE(whole >= 3);
      CU_ASSERT_TRUE(whole == 4 || strcmp(hows[h], "short") != 0);
    }
}

int main(int argc, char **argv) {
  find("memory_fail_at", &fail_at);
  find("memory_taken", &taken);
  find("memory_held", &held);
  find("shim_restart", &shim_restart);
  char *probe = NULL;
  if (fail_at != NULL) {
    fail_at(1);
    probe = malloc(1);
    fail_at(0);
  }
  if (shim_restart == NULL || fail_at == NULL || probe != NULL) {
    free(probe);
    fprintf(stderr, "skipped: memory.c and shim.c are not in front of libc\n");
    return 77;
  }
  setenv("TINY", "/nowhere", 1);
  const suite_test memory[] = {TEST(subjects_prepare), TEST(each_request_for_memory_fails)};
  const suite_test writes[] = {TEST(subjects_prepare), TEST(each_call_on_a_file_fails),
                               TEST(a_log_loses_whole_lines_only)};
  return argc > 1 && strcmp(argv[1], "memory") == 0 ? SUITE_RUN("memory", memory) : SUITE_RUN("writes", writes);
}
