#include "io/run_lock_heart.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"

enum { PATH = 4096 };

static struct {
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t ended;
  int runs, end, fd;
  char path[PATH];
  double beat;
} heart = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void look_whether_it_is_ours(void) {
  struct stat own, there;
  if (fstat(heart.fd, &own) != 0 || stat(heart.path, &there) != 0) return;
  if (own.st_ino == there.st_ino && own.st_dev == there.st_dev) return;
  fprintf(stderr, "nightmail: %s: %s is no longer ours: this job was silent for so long that another has taken over\n",
          status_kind(STATUS_PERMISSION), heart.path);
  fflush(stderr);
  _exit(STATUS_PERMISSION);
}

static void *keep_beating(void *unused) {
  (void)unused;
  pthread_mutex_lock(&heart.mutex);
  while (!heart.end) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const long long wake = until.tv_nsec + (long long)(heart.beat * 1e9);
    until.tv_sec += (time_t)(wake / 1000000000);
    until.tv_nsec = (long)(wake % 1000000000);
    pthread_cond_timedwait(&heart.ended, &heart.mutex, &until);
    if (heart.end) break;
    look_whether_it_is_ours();
    futimens(heart.fd, NULL); /* "now" of the file server, where it is one that says so */
  }
  pthread_mutex_unlock(&heart.mutex);
  return NULL;
}

/* Beats go by the clock that nobody sets: an hour set back must not be an hour of silence. */
static int make_condition(void) {
  pthread_condattr_t steady;
  if (pthread_condattr_init(&steady) != 0) return 0;
  const int made =
      pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) == 0 && pthread_cond_init(&heart.ended, &steady) == 0;
  pthread_condattr_destroy(&steady);
  return made;
}

/* Signals are for the thread that works. */
void run_lock_heart_start(int fd, const char *path, double beat) {
  sigset_t all, before;
  run_lock_heart_stop();
  heart.fd = fd;
  heart.beat = beat;
  heart.end = 0;
  snprintf(heart.path, sizeof heart.path, "%s", path);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  heart.runs = make_condition() && pthread_create(&heart.thread, NULL, keep_beating, NULL) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void run_lock_heart_stop(void) {
  if (!heart.runs) return;
  pthread_mutex_lock(&heart.mutex);
  heart.end = 1;
  pthread_cond_signal(&heart.ended);
  pthread_mutex_unlock(&heart.mutex);
  pthread_join(heart.thread, NULL);
  pthread_cond_destroy(&heart.ended);
  heart.runs = 0;
}
