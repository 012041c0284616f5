#include "base/progress.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "base/watchdog.h"

enum { BAR = 24, BATCH_SECONDS = 30, NOTE = 96, PATH = 4096 };

/* Of what stands in the file; nothing while path is empty. */
static struct {
  char path[PATH], temporary[PATH + 4];
  char host[PROCESS_TEXT], job[PROCESS_TEXT];
  int ranks;
  double written;
} published;

/* The last line in a batch log said of this that it is whole. */
static const char *whole;

void progress_publish(const char *path, int ranks) {
  const int fits = path != NULL && strlen(path) < PATH;
  snprintf(published.path, sizeof published.path, "%s", fits ? path : "");
  snprintf(published.temporary, sizeof published.temporary, "%s.tmp", published.path);
  process_host(published.host);
  process_job(published.job);
  published.ranks = ranks;
  published.written = 0;
}

/* A note without what JSON would have to escape. */
static void plain(const char *note, char out[NOTE]) {
  size_t n = 0;
  for (; *note != '\0' && n + 1 < NOTE; note++)
    if (*note >= ' ' && *note <= '~' && *note != '"' && *note != '\\') out[n++] = *note;
  out[n] = '\0';
}

static void write_share(FILE *f, const progress *p, int64_t done, double now) {
  const double share = done < p->total ? (double)done / (double)p->total : 1;
  const double since = now - p->started, own = (double)(done - p->before);
  fprintf(f, "  \"done\": %lld,\n  \"total\": %lld,\n  \"share\": %.6g,\n", (long long)done, (long long)p->total,
          share);
  fprintf(f, "  \"seconds\": %.3f,\n", now - p->started);
  if (own > 0 && since > 0)
    fprintf(f, "  \"rate\": %.6g,\n  \"left\": %.6g,\n", own / since, (double)(p->total - done) * since / own);
}

/* `p` is NULL where there is no bar yet. */
static void write_all(FILE *f, const char *what, const progress *p, int64_t done, const char *note, double now) {
  char words[NOTE];
  plain(note, words);
  fprintf(f, "{\n  \"format\": 1,\n  \"stage\": \"%s\",\n  \"note\": \"%s\",\n", what, words);
  if (p != NULL) write_share(f, p, done, now);
  fprintf(f, "  \"peak_bytes\": %lld,\n  \"host\": \"%s\",\n  \"pid\": %ld,\n  \"slurm_job_id\": \"%s\",\n",
          (long long)clock_peak_bytes(), published.host, (long)getpid(), published.job);
  fprintf(f, "  \"ranks\": %d,\n  \"time\": %lld\n}\n", published.ranks, (long long)clock_unix());
}

static void publish(const char *what, const progress *p, int64_t done, const char *note) {
  const double now = clock_now();
  published.written = now;
  const int fd = open(published.temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
  if (f == NULL) {
    if (fd >= 0) close(fd);
    return;
  }
  write_all(f, what, p, done, note, now);
  const int failed = ferror(f);
  if (fclose(f) != 0 || failed || rename(published.temporary, published.path) != 0) unlink(published.temporary);
}

void progress_stage(const char *what) {
  watchdog_pulse();
  if (published.path[0] != '\0') publish(what, NULL, 0, "");
}

void progress_from(progress *p, int64_t done) {
  p->before = done;
  p->started = clock_now();
}

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
    /* A stage may have several bars; that each of them is full is news only where a line came in between. */
    if (done >= p->total && whole == p->what && note[0] == '\0') return;
    whole = done >= p->total ? p->what : NULL;
    fprintf(stderr, "%-10s %3.0f%% %6.1f s%s%s\n", p->what, 100 * share, seconds, note[0] != '\0' ? "  " : "", note);
  }
  fflush(stderr);
}

void progress_at(progress *p, int64_t done, const char *note) {
  watchdog_pulse();
  const int is_published = published.path[0] != '\0';
  if (p->quiet && !is_published) return;
  const double now = clock_now();
  if (note == NULL) note = "";
  if (is_published && now - published.written >= 1) publish(p->what, p, done, note);
  if (p->quiet || now - p->shown < (p->terminal ? 0.1 : BATCH_SECONDS)) return;
  p->shown = now;
  show(p, done, note, "");
}

void progress_end(progress *p, const char *note) {
  watchdog_pulse();
  if (note == NULL) note = "";
  if (published.path[0] != '\0' && clock_now() - published.written >= 1) publish(p->what, p, p->total, note);
  if (!p->quiet) show(p, p->total, note, "\n");
}
