#include "stages/scaling_series.h"

#include <math.h>
#include <string.h>

#include "io/manifest.h"

const char *const scaling_row_name[SCALING_ROWS] = {"ingest", "profile",  "factorise", "train",
                                                    "decide", "generate", "report",    "total"};
const char *const scaling_kind_name[SCALING_KINDS] = {"strong", "weak"};
const char *const scaling_measure_name[SCALING_MEASURES] = {"seconds",    "busy_mean",      "busy_most", "waited_mean",
                                                            "moved_mean", "imbalance",      "cpu_sum",   "bytes_sent",
                                                            "calls_most", "peak_bytes_most"};

static void take_stage(const stage_done *d, double value[SCALING_MEASURES]) {
  for (int m = 0; m < SCALING_MEASURES; m++) value[m] = (double)NAN;
  value[SCALING_SECONDS] = d->seconds;
  value[SCALING_PEAK] = (double)d->peak_bytes;
  if (d->use == NULL) return;
  for (int m = SCALING_BUSY; m <= SCALING_CALLS; m++) value[m] = 0;
  for (int r = 0; r < d->ranks; r++) {
    const stage_use *u = &d->use[r];
    const double busy = stage_done_busy(u);
    value[SCALING_BUSY] += busy / d->ranks;
    value[SCALING_BUSY_MOST] = fmax(value[SCALING_BUSY_MOST], busy);
    value[SCALING_WAITED] += u->waited / d->ranks;
    value[SCALING_MOVED] += u->moved / d->ranks;
    value[SCALING_CPU] += u->cpu;
    value[SCALING_SENT] += (double)u->sent;
    value[SCALING_CALLS] = fmax(value[SCALING_CALLS], (double)u->calls);
  }
  value[SCALING_IMBALANCE] = stage_done_imbalance(d);
}

static void add_up(double value[SCALING_ROWS][SCALING_MEASURES]) {
  double *total = value[SCALING_TOTAL];
  for (int m = 0; m < SCALING_MEASURES; m++) total[m] = 0;
  for (int s = 0; s < SCALING_STAGES; s++)
    for (int m = 0; m < SCALING_MEASURES; m++)
      total[m] = m == SCALING_PEAK ? fmax(total[m], value[s][m]) : total[m] + value[s][m];
  total[SCALING_IMBALANCE] = total[SCALING_BUSY_MOST] / total[SCALING_BUSY];
}

/* The digest over all shards, in order of their numbers. */
static status digest_shards(const manifest *m, arena *a, char out[DIGEST_TEXT]) {
  char *all = NULL;
  TRY(arena_take(a, (int64_t)m->shard_count * DIGEST_TEXT + 1, 1, (void **)&all));
  for (int i = 0; i < m->shard_count; i++)
    memcpy(all + (size_t)i * DIGEST_TEXT, m->shards[i].digest, sizeof m->shards[i].digest);
  digest_bytes(all, (size_t)m->shard_count * DIGEST_TEXT, out);
  return STATUS_OK;
}

/* A run that is not there, or not finished, is left out; so is one that cannot be read. */
static status read_run(arena *a, scaling_run *out) {
  manifest *m = NULL;
  TRY(ARENA(a, 1, &m));
  if (manifest_read(out->folder, a, m) != STATUS_OK) return STATUS_OK;
  for (int s = 0; s < SCALING_STAGES; s++) {
    stage_done done;
    int found = 0;
    if (stage_done_read(out->folder, scaling_row_name[s], a, &done, &found) != STATUS_OK || !found) return STATUS_OK;
    if (done.ranks != out->ranks)
      return status_fail(STATUS_DATA, "%s: its stage %s was done by %d ranks, not %d; make the series again",
                         out->folder, done.stage, done.ranks, out->ranks);
    take_stage(&done, out->value[s]);
    if (s > 0) continue;
    out->items = accounts_get(&done.numbers, "items");
    out->events = accounts_get(&done.numbers, "events");
  }
  add_up(out->value);
  out->rows = m->rows_read;
  out->users = m->users_known;
  out->messages = accounts_total(&m->sources);
  out->is_whole = 1;
  return digest_shards(m, a, out->shards);
}

static status read_series(const char *folder, arena *a, scaling_series *out) {
  TRY(series_file_read(folder, a, &out->file, &out->found));
  if (!out->found) return STATUS_OK;
  const series_file *f = &out->file;
  TRY(ARENA(a, (int64_t)f->size_count * f->repeats, &out->run));
  const char *first = NULL;
  out->same_bytes = 1;
  for (int s = 0; s < f->size_count; s++)
    for (int k = 1; k <= f->repeats; k++) {
      scaling_run *run = &out->run[out->run_count++];
      char *path = NULL;
      TRY(arena_print(a, &path, "%s/ranks-%d/repeat-%d", folder, f->size[s].ranks, k));
      run->folder = path;
      run->ranks = f->size[s].ranks;
      run->nodes = f->size[s].nodes;
      run->repeat = k;
      TRY(read_run(a, run));
      if (!run->is_whole) continue;
      out->whole_count++;
      if (first == NULL) first = run->shards;
      out->same_bytes &= strcmp(first, run->shards) == 0;
    }
  return STATUS_OK;
}

status scaling_series_read(const char *folder, arena *a, scaling_series out[SCALING_KINDS]) {
  int whole = 0, found = 0;
  for (int k = 0; k < SCALING_KINDS; k++) {
    char *path = NULL;
    out[k] = (scaling_series){0};
    TRY(arena_print(a, &path, "%s/%s", folder, scaling_kind_name[k]));
    TRY(read_series(path, a, &out[k]));
    found |= out[k].found;
    whole += out[k].whole_count;
  }
  if (!found)
    return status_fail(STATUS_MISSING, "%s: holds no series: neither strong/series.json nor weak/series.json is there",
                       folder);
  if (whole == 0) return status_fail(STATUS_MISSING, "%s: no run of its series is finished yet", folder);
  return STATUS_OK;
}
