#include "io/run_lock_owner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/json_reader.h"

enum { RECORD = 1024 };

run_lock_owner run_lock_owner_self(void) {
  run_lock_owner o = {.pid = (int64_t)getpid(), .since = clock_unix(), .restart = process_restart()};
  process_host(o.host);
  process_job(o.job);
  return o;
}

/* In one write, so that a reader sees the old text or the new one. */
int run_lock_owner_write(int fd, const run_lock_owner *o) {
  char text[RECORD];
  const int length =
      snprintf(text, sizeof text,
               "{\"host\": \"%s\", \"pid\": %lld, \"slurm_job_id\": \"%s\", \"restart\": %lld, \"since\": %lld}\n",
               o->host, (long long)o->pid, o->job, (long long)o->restart, (long long)o->since);
  if (ftruncate(fd, 0) != 0) return errno;
  const ssize_t wrote = pwrite(fd, text, (size_t)length, 0);
  return wrote == (ssize_t)length ? 0 : wrote < 0 ? errno : ENOSPC;
}

static void take_text(const json_t *root, const char *name, char out[PROCESS_TEXT]) {
  const char *text = json_string_value(json_object_get(root, name));
  snprintf(out, PROCESS_TEXT, "%s", text != NULL ? text : "");
}

int run_lock_owner_read(int fd, run_lock_owner *out) {
  char text[RECORD];
  *out = (run_lock_owner){0};
  const ssize_t length = pread(fd, text, sizeof text, 0);
  if (length <= 0) return 0;
  json_t *root = NULL;
  if (json_reader_load("the lock", text, (size_t)length, &root) != STATUS_OK) return 0;
  take_text(root, "host", out->host);
  take_text(root, "slurm_job_id", out->job);
  out->pid = (int64_t)json_integer_value(json_object_get(root, "pid"));
  out->restart = (int64_t)json_integer_value(json_object_get(root, "restart"));
  out->since = (int64_t)json_integer_value(json_object_get(root, "since"));
  json_decref(root);
  return out->pid > 0;
}

int run_lock_owner_is_here(const run_lock_owner *o) {
  char host[PROCESS_TEXT];
  process_host(host);
  return strcmp(o->host, host) == 0;
}

int run_lock_owner_is_dead(const run_lock_owner *o) {
  return run_lock_owner_is_here(o) && kill((pid_t)o->pid, 0) != 0 && errno == ESRCH;
}

int run_lock_owner_is_former(const run_lock_owner *o) {
  char job[PROCESS_TEXT];
  process_job(job);
  return job[0] != '\0' && strcmp(o->job, job) == 0 && o->restart < process_restart();
}

void run_lock_owner_print(const run_lock_owner *o, char out[RUN_LOCK_OWNER_TEXT]) {
  char since[CLOCK_SHORT];
  clock_short(o->since, since);
  if (o->job[0] != '\0')
    snprintf(out, RUN_LOCK_OWNER_TEXT, "job %s on %s, since %s", o->job, o->host, since);
  else
    snprintf(out, RUN_LOCK_OWNER_TEXT, "process %lld on %s, since %s", (long long)o->pid, o->host, since);
}
