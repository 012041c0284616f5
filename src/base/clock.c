#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

static double seconds_of(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double clock_now(void) { return seconds_of(CLOCK_MONOTONIC); }

void clock_sleep(double seconds) {
  struct timespec left = {.tv_sec = (time_t)seconds, .tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds))};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

double clock_cpu(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

int64_t clock_unix(void) { return (int64_t)time(NULL); }

void clock_text(int64_t unix_seconds, char *out) {
  const time_t t = (time_t)unix_seconds;
  struct tm utc;
  gmtime_r(&t, &utc);
  strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void clock_short(int64_t unix_seconds, char out[CLOCK_SHORT]) {
  const time_t t = (time_t)unix_seconds;
  const int64_t away = clock_unix() - unix_seconds;
  struct tm local;
  localtime_r(&t, &local);
  strftime(out, CLOCK_SHORT, away < 43200 && away > -43200 ? "%H:%M" : "%Y-%m-%d %H:%M", &local);
}

void clock_span(double seconds, char out[CLOCK_SHORT]) {
  const long long s = seconds > 0 ? (long long)(seconds + 0.5) : 0;
  if (s < 60)
    snprintf(out, CLOCK_SHORT, "%lld s", s);
  else if (s < 600)
    snprintf(out, CLOCK_SHORT, "%lld min %02lld s", s / 60, s % 60);
  else if (s < 3600)
    snprintf(out, CLOCK_SHORT, "%lld min", s / 60);
  else if (s < 86400)
    snprintf(out, CLOCK_SHORT, "%lld h %02lld min", s / 3600, s / 60 % 60);
  else
    snprintf(out, CLOCK_SHORT, "%lld d %lld h", s / 86400, s / 3600 % 24);
}

int64_t clock_peak_bytes(void) {
  FILE *f = fopen("/proc/self/status", "r");
  if (f == NULL) return 0;
  char line[256];
  long long kib = 0;
  while (fgets(line, sizeof line, f) != NULL)
    if (sscanf(line, "VmHWM: %lld", &kib) == 1) break;
  fclose(f);
  return (int64_t)kib * 1024;
}

void clock_peak_reset(void) {
  /* "5" resets the high-water mark (proc(5), clear_refs). Without it the peak counts from the start. */
  FILE *f = fopen("/proc/self/clear_refs", "w");
  if (f == NULL) return;
  fputs("5", f);
  fclose(f);
}
