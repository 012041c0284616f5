#include "base/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR = 24, BATCH_SECONDS = 30 };

progress progress_start(const char *what, int64_t total, int quiet) {
  return (progress){.what = what,
                    .total = total > 0 ? total : 1,
                    .started = clock_now(),
                    .shown = clock_now() - (isatty(STDERR_FILENO) ? 1 : 0),
                    .quiet = quiet,
                    .terminal = isatty(STDERR_FILENO)};
}

static void show(const progress *p, int64_t done, const char *note, const char *end) {
  const double share = (double)done / (double)p->total, seconds = clock_now() - p->started;
  if (p->terminal) {
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++) bar[i] = i < share * BAR ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r%-10s [%s] %3.0f%% %6.1f s  %-32s%s", p->what, bar, 100 * share, seconds, note, end);
  } else {
    fprintf(stderr, "%-10s %3.0f%% %6.1f s  %s\n", p->what, 100 * share, seconds, note);
  }
  fflush(stderr);
}

void progress_at(progress *p, int64_t done, const char *note) {
  if (p->quiet || clock_now() - p->shown < (p->terminal ? 0.1 : BATCH_SECONDS)) return;
  p->shown = clock_now();
  show(p, done, note != NULL ? note : "", "");
}

void progress_end(progress *p, const char *note) {
  if (!p->quiet) show(p, p->total, note != NULL ? note : "", "\n");
}
