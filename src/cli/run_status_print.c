#include "cli/run_status_print.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"

enum { CELL = 32 };

/* "" where it is not known. */
static void print_bytes(int64_t bytes, char out[CELL]) {
  const double mib = (double)bytes / (1024 * 1024);
  out[0] = '\0';
  if (bytes > 0 && mib < 1000)
    snprintf(out, CELL, "%.0f MiB", mib);
  else if (bytes > 0)
    snprintf(out, CELL, "%.1f GiB", mib / 1024);
}

static void print_span(double seconds, char out[CELL]) {
  char text[CLOCK_SHORT] = "";
  if (!isnan(seconds)) clock_span(seconds, text);
  snprintf(out, CELL, "%s", text);
}

static void print_row(const char *name, const char *state, const char *share, const char *rate, const char *spent,
                      const char *left, const char *peak, const char *note) {
  char line[400];
  int used = snprintf(line, sizeof line, "  %-9s  %-8s  %6s  %9s  %12s  %12s  %13s  %s", name, state, share, rate,
                      spent, left, peak, note);
  while (used > 0 && line[used - 1] == ' ') line[--used] = '\0';
  printf("%s\n", line);
}

static void print_done(const run_stage *row) {
  char spent[CELL], peak[CELL];
  print_span(row->done.seconds, spent);
  print_bytes(row->done.peak_bytes, peak);
  print_row(row->name, "done", "100 %", "", spent, "", peak, "");
}

static void print_present(const run_status *s) {
  char share[CELL] = "", rate[CELL] = "", spent[CELL] = "", left[CELL] = "", peak[CELL] = "";
  const progress_file *p = &s->progress;
  const int is_going = s->state == RUN_RUNNING;
  if (s->has_progress) {
    if (!isnan(p->share)) snprintf(share, CELL, "%.1f %%", floor(1000 * p->share) / 10);
    if (!isnan(p->rate) && is_going) snprintf(rate, CELL, "%.3g", p->rate);
    print_span(p->seconds, spent);
    if (is_going) print_span(p->left, left);
    print_bytes(p->peak_bytes, peak);
  }
  print_row(s->stage[s->at].name, s->starts == 0 ? "pending" : run_status_word(s->state), share, rate, spent, left,
            peak, s->has_progress ? p->note : "");
}

static void print_table(const run_status *s) {
  print_row("stage", "state", "share", "per s", "time", "time left", "peak per rank", "");
  for (int i = 0; i < s->list->count; i++) {
    if (s->stage[i].is_done)
      print_done(&s->stage[i]);
    else if (i == s->at)
      print_present(s);
    else
      print_row(s->stage[i].name, "pending", "", "", "", "", "", "");
  }
}

/* ", job 42 on n3, 8 ranks, start 2" */
static void print_where(const run_status *s) {
  if (s->job[0] != '\0') printf(", job %s", s->job);
  if (s->host[0] != '\0') printf("%s on %s", s->job[0] != '\0' ? "" : ",", s->host);
  if (s->ranks > 0) printf(", %d rank%s", s->ranks, s->ranks == 1 ? "" : "s");
  if (s->starts > 1) printf(", start %d", s->starts);
  printf("\n");
}

static void print_time(const char *before, int64_t when) {
  char text[CLOCK_SHORT];
  clock_short(when, text);
  if (when > 0) printf("%s%s", before, text);
}

static double stage_seconds(const run_status *s) {
  double sum = 0;
  for (int i = 0; i < s->list->count; i++)
    if (s->stage[i].is_done) sum += s->stage[i].done.seconds;
  return sum;
}

static void print_sentence(const run_status *s) {
  char span[CELL];
  printf("%s: %s", s->run, run_status_word(s->state));
  switch (s->state) {
    case RUN_RUNNING:
      print_span((double)(clock_unix() - s->started), span);
      if (s->started > 0) printf(" for %s", span);
      print_time(", since ", s->started);
      break;
    case RUN_SILENT:
      print_span(s->silent, span);
      printf(" for %s", span);
      break;
    case RUN_WAITING:
      printf(s->starts == 0 ? ": nothing is done here yet" : " for its next start");
      print_time(", since ", s->ended);
      break;
    case RUN_STOPPED: print_time(" at ", s->ended); break;
    default:
      print_time(" at ", s->ended);
      print_span(stage_seconds(s), span);
      if (s->list == &pipeline_night) printf(", %lld messages", (long long)s->messages);
      printf(", %s of work", span);
  }
  print_where(s);
}

/* What is worth knowing beside the table. */
static void print_rest(const run_status *s) {
  const checkpoint_head *h = run_status_checkpoint(s);
  if (h != NULL) {
    char when[CLOCK_SHORT], age[CLOCK_SHORT];
    clock_short(h->time, when);
    clock_span((double)(clock_unix() - h->time), age);
    printf("  checkpoint  of %s/%s at step %lld, %s, %s ago\n", s->stage[s->at].name, h->phase, (long long)h->step,
           when, age);
  }
  if (s->state == RUN_RUNNING && s->has_progress && clock_unix() - s->progress.time > 60) {
    char age[CLOCK_SHORT];
    clock_span((double)(clock_unix() - s->progress.time), age);
    printf("  as of       %s ago\n", age);
  }
  if (s->state == RUN_SILENT)
    printf(
        "  why         it has the lock, but its heart does not beat: its node may be gone; start the same command "
        "again\n");
  if (s->state == RUN_STOPPED && s->failure[0] == '\0')
    printf("  why         it said nothing: it was killed, or its node was lost; its output may say more\n");
  if (s->failure[0] != '\0') printf("  why         %s: %s\n", status_kind((status)s->failure_code), s->failure);
}

void run_status_print(const run_status *s) {
  print_sentence(s);
  print_table(s);
  print_rest(s);
}

static void json_stage(json_writer *w, const run_status *s, int i) {
  const run_stage *row = &s->stage[i];
  const int is_present = i == s->at && s->has_progress;
  json_writer_open(w, NULL, '{');
  json_writer_text(w, "stage", row->name);
  json_writer_text(w, "state",
                   row->is_done                  ? "done"
                   : i == s->at && s->starts > 0 ? run_status_word(s->state)
                                                 : "pending");
  json_writer_real(w, "share", row->is_done ? 1 : is_present ? s->progress.share : i == s->at ? NAN : 0);
  json_writer_real(w, "seconds", row->is_done ? row->done.seconds : is_present ? s->progress.seconds : NAN);
  json_writer_integer(w, "peak_bytes", row->is_done ? row->done.peak_bytes : is_present ? s->progress.peak_bytes : 0);
  if (row->is_done && row->done.peaks != NULL)
    json_writer_integers(w, "peak_bytes_by_rank", row->done.peaks, row->done.ranks);
  json_writer_close(w, '}');
}

static void json_checkpoint(json_writer *w, const run_status *s) {
  const checkpoint_head *h = run_status_checkpoint(s);
  if (h == NULL) return;
  json_writer_open(w, "checkpoint", '{');
  json_writer_text(w, "stage", s->stage[s->at].name);
  json_writer_text(w, "phase", h->phase);
  json_writer_integer(w, "step", h->step);
  json_writer_integer(w, "generation", h->generation);
  json_writer_integer(w, "time", h->time);
  json_writer_integer(w, "age", clock_unix() - h->time);
  json_writer_close(w, '}');
}

void run_status_json(json_writer *w, const run_status *s, const char *mark) {
  const progress_file *p = s->has_progress ? &s->progress : NULL;
  json_writer_open(w, NULL, '{');
  json_writer_text(w, "run", s->run);
  json_writer_text(w, "state", run_status_word(s->state));
  json_writer_text(w, "stage", s->at < s->list->count ? s->stage[s->at].name : "");
  json_writer_real(w, "share", p != NULL ? p->share : NAN);
  json_writer_real(w, "rate", p != NULL ? p->rate : NAN);
  json_writer_real(w, "left", p != NULL && s->state == RUN_RUNNING ? p->left : NAN);
  json_writer_text(w, "note", p != NULL ? p->note : "");
  json_writer_integer(w, "progress_time", p != NULL ? p->time : 0);
  json_writer_text(w, "host", s->host);
  json_writer_text(w, "slurm_job_id", s->job);
  json_writer_integer(w, "ranks", s->ranks);
  json_writer_integer(w, "starts", s->starts);
  json_writer_integer(w, "started", s->started);
  json_writer_integer(w, "ended", s->ended);
  json_writer_integer(w, "time", clock_unix());
  json_writer_text(w, "failure", s->failure);
  json_writer_integer(w, "failure_code", s->failure_code);
  json_writer_integer(w, "messages", s->messages);
  json_writer_text(w, "mark", mark);
  json_checkpoint(w, s);
  json_writer_open(w, "stages", '[');
  for (int i = 0; i < s->list->count; i++) json_stage(w, s, i);
  json_writer_close(w, ']');
  json_writer_close(w, '}');
}
