#include "base/watchdog.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "base/status.h"

/* A rank that waits is given this many times as long: whoever keeps it waiting shall speak first, and may merely have
 * more work. */
static const double PATIENCE = 4;

static atomic_llong pulses, step_at;
static _Atomic(const char *) place_at, waits_for;
static atomic_int paused;

static struct {
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t ended;
  int runs, end, rank;
  double seconds;
} dog = {.mutex = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};

void watchdog_pulse(void) { atomic_fetch_add_explicit(&pulses, 1, memory_order_relaxed); }

void watchdog_at(const char *place, int64_t step) {
  atomic_store_explicit(&place_at, place, memory_order_relaxed);
  atomic_store_explicit(&step_at, (long long)step, memory_order_relaxed);
  watchdog_pulse();
}

void watchdog_wait(const char *what) { atomic_store_explicit(&waits_for, what, memory_order_relaxed); }

void watchdog_go_on(void) {
  atomic_store_explicit(&waits_for, NULL, memory_order_relaxed);
  watchdog_pulse();
}

void watchdog_pause(void) { atomic_fetch_add(&paused, 1); }

void watchdog_resume(void) {
  watchdog_pulse();
  atomic_fetch_sub(&paused, 1);
}

static void speak_and_end(double silent) {
  const char *place = atomic_load(&place_at), *waiting = atomic_load(&waits_for);
  char step[32] = "";
  if (atomic_load(&step_at) >= 0) snprintf(step, sizeof step, ", step %lld", (long long)atomic_load(&step_at));
  char host[PROCESS_TEXT];
  process_host(host);
  fprintf(stderr, "nightmail: %s: rank %d on %s: no progress for %.0f s in %s%s%s%s; the job ends, start it again\n",
          status_kind(STATUS_BUG), dog.rank, host, silent, place != NULL ? place : "the start", step,
          waiting != NULL ? ", waiting for the other ranks at " : "", waiting != NULL ? waiting : "");
  fflush(stderr);
  _exit(STATUS_BUG);
}

/* Looks often enough to be late by at most a tenth. Time that passed while this thread was not let run either, since
 * the whole process was suspended (scontrol suspend, a stopped shell), is nobody's silence. */
static void *watch(void *unused) {
  (void)unused;
  const double nap = dog.seconds / 20 < 5 ? dog.seconds / 20 : 5;
  long long seen = atomic_load(&pulses);
  double silent = 0, looked = clock_now();
  pthread_mutex_lock(&dog.mutex);
  while (!dog.end) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    const long long wake = until.tv_nsec + (long long)(nap * 1e9);
    until.tv_sec += (time_t)(wake / 1000000000);
    until.tv_nsec = (long)(wake % 1000000000);
    pthread_cond_timedwait(&dog.ended, &dog.mutex, &until);
    const double now = clock_now();
    const long long pulse = atomic_load(&pulses);
    silent += now - looked < 3 * nap ? now - looked : 3 * nap;
    if (pulse != seen || atomic_load(&paused) > 0) silent = 0;
    seen = pulse;
    looked = now;
    if (!dog.end && silent > dog.seconds * (atomic_load(&waits_for) != NULL ? PATIENCE : 1)) speak_and_end(silent);
  }
  pthread_mutex_unlock(&dog.mutex);
  return NULL;
}

void watchdog_start(int rank, double seconds) {
  if (seconds <= 0 || dog.runs) return;
  dog.rank = rank;
  dog.seconds = seconds;
  dog.end = 0;
  dog.runs = pthread_create(&dog.thread, NULL, watch, NULL) == 0;
}

void watchdog_stop(void) {
  if (!dog.runs) return;
  pthread_mutex_lock(&dog.mutex);
  dog.end = 1;
  pthread_cond_signal(&dog.ended);
  pthread_mutex_unlock(&dog.mutex);
  pthread_join(dog.thread, NULL);
  dog.runs = 0;
}
