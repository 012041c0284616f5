#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static double seconds_of(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double clock_now(void) { return seconds_of(CLOCK_MONOTONIC); }

double clock_cpu(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

int64_t clock_unix(void) { return (int64_t)time(NULL); }

void clock_text(int64_t unix_seconds, char *out) {
  const time_t t = (time_t)unix_seconds;
  struct tm utc;
  gmtime_r(&t, &utc);
  strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &utc);
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
