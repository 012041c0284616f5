#include "stages/profile.h"

#include <string.h>

#include "base/watchdog.h"
#include "io/work_file.h"
#include "stages/cluster.h"
#include "stages/item_words.h"
#include "stages/profile_user.h"

enum { NUMBERED_MOST = 40, LOGGED_MOST = 64, LOGGED_WORDS = 6, NO_WORDS = -1 };

typedef struct work {
  stage *stage;
  partition users;
  int first, last; /* this rank's logical partitions */
  int segments;
  catalogue catalogue;
  words words;
  profile_user *profile;
  profiles *profiles; /* [last - first] */
  cluster_rows rows;  /* of users with words */
  int64_t *sizes;     /* [segments] */
  int64_t without_words;
} work;

static status load_catalogue(work *w) {
  stage *s = w->stage;
  char *path = NULL;
  TRY(stage_users(s, &w->users));
  w->first = w->users.first[s->comm->rank];
  w->last = w->users.first[s->comm->rank + 1];
  w->segments = (int)settings_int(s->settings, "profile.segments");
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  return work_file_load_catalogue(path, s->arena, &w->catalogue);
}

static status start(work *w) {
  stage *s = w->stage;
  stage_done ingest;
  TRY(stage_before(s, "ingest", &ingest));
  const int explicit_feedback = strcmp(settings_text(s->settings, "als.feedback"), "explicit") == 0;
  const int has_time = settings_text(s->settings, "inputs.interactions.columns.time")[0] != '\0' &&
                       strcmp(settings_text(s->settings, "inputs.interactions.format"), "list") != 0;
  TRY(profile_user_create(&w->words, explicit_feedback, has_time, accounts_get(&ingest.numbers, "now"), s->arena,
                          &w->profile));
  w->rows = (cluster_rows){.width = PROFILE_DIMENSIONS, .leaves = w->users.count, .first = w->first, .last = w->last};
  TRY(ARENA(s->arena, w->last - w->first, &w->profiles));
  TRY(ARENA(s->arena, w->last - w->first, &w->rows.leaf));
  return ARENA(s->arena, w->segments, &w->sizes);
}

static status load_users(const work *w, int index, arena *a, users *out) {
  char *path = NULL;
  TRY(stage_path(w->stage, "ingest", "users", index, w->users.count, &path));
  return work_file_load_users(path, w->catalogue.count, a, out);
}

static int is_zero(const float *vector) {
  for (int i = 0; i < PROFILE_DIMENSIONS; i++)
    if (vector[i] < 0 || vector[i] > 0) return 0;
  return 1;
}

/* Profiles of one partition. Users with words become rows of the clustering, in order; until then p->segment is 0 for
 * them and NO_WORDS for the others. */
static status profile_partition(work *w, int index, arena *scratch) {
  cluster_leaf *leaf = &w->rows.leaf[index - w->first];
  profiles *p = &w->profiles[index - w->first];
  users u = {0};
  TRY(load_users(w, index, scratch, &u));
  TRY(profile_user_take(w->stage->arena, u.count, p));
  TRY(cluster_take(w->stage->arena, PROFILE_DIMENSIONS, u.count, leaf));
  leaf->count = 0;
  for (user_row user = 0; user < u.count; user++) {
    float *vector = leaf->row + leaf->count * PROFILE_DIMENSIONS;
    watchdog_pulse();
    profile_user_fill(w->profile, &u, user, p, PROFILE_DIMENSIONS, vector);
    if (is_zero(vector)) {
      p->segment[user] = NO_WORDS;
      w->without_words++;
    } else {
      leaf->id[leaf->count++] = u.id[user].high;
    }
  }
  return STATUS_OK;
}

static status profile_all(work *w, arena *scratch) {
  progress shown = stage_progress(w->stage, w->last - w->first);
  for (int index = w->first; index < w->last; index++) {
    const arena_mark before = arena_here(scratch);
    TRY(profile_partition(w, index, scratch));
    arena_release(scratch, before);
    progress_at(&shown, index - w->first + 1, "users");
  }
  progress_end(&shown, "");
  return STATUS_OK;
}

static status write_all(work *w) {
  stage *s = w->stage;
  char *path = NULL;
  for (int index = w->first; index < w->last; index++) {
    const int at = index - w->first;
    profiles *p = &w->profiles[at];
    const int32_t *assigned = w->rows.leaf[at].assigned;
    for (user_row user = 0; user < p->count; user++) {
      p->segment[user] = p->segment[user] == NO_WORDS ? 0 : *assigned++;
      w->sizes[p->segment[user]]++;
    }
    TRY(stage_path(s, "profile", "profiles", index, w->users.count, &path));
    TRY(work_file_save_profiles(path, p));
  }
  if (s->comm->rank != 0) return STATUS_OK;
  TRY(stage_path(s, "profile", "words", 0, 0, &path));
  return work_file_save_words(path, &w->words, w->catalogue.count);
}

/* Users of segment k (-1: of any) that have a word among their keywords. */
static void count_keywords(const work *w, int k, int64_t *counts) {
  memset(counts, 0, (size_t)w->words.count * sizeof *counts);
  for (int at = 0; at < w->last - w->first; at++) {
    const profiles *p = &w->profiles[at];
    for (int64_t i = 0; i < (int64_t)p->count * PROFILE_KEYWORDS; i++)
      if (p->keyword[i] >= 0 && (k < 0 || p->segment[i / PROFILE_KEYWORDS] == k)) counts[p->keyword[i]]++;
  }
}

/* The words by which a segment differs most from all users: the largest differences of shares. */
static status name_segment(const work *w, const int64_t *here, const int64_t *all, int64_t size, int64_t users_count,
                           arena *a, char **out) {
  int32_t best[LOGGED_WORDS];
  double score[LOGGED_WORDS];
  int count = 0;
  for (int32_t word = 0; word < w->words.count; word++) {
    const double more = (double)here[word] / (double)size - (double)all[word] / (double)users_count;
    if (here[word] == 0 || more <= 0) continue;
    int at = count < LOGGED_WORDS ? count++ : LOGGED_WORDS;
    for (; at > 0 && more > score[at - 1]; at--) {
      if (at == LOGGED_WORDS) continue;
      score[at] = score[at - 1];
      best[at] = best[at - 1];
    }
    if (at == LOGGED_WORDS) continue;
    score[at] = more;
    best[at] = word;
  }
  TRY(arena_print(a, out, "%s", ""));
  for (int i = 0; i < count; i++)
    TRY(arena_print(a, out, "%s%s%s", *out, i > 0 ? ", " : "", strings_at(&w->words.word, best[i])));
  return STATUS_OK;
}

static status log_segments(work *w, arena *a) {
  stage *s = w->stage;
  int64_t *here = NULL, *all = NULL, users_count = 0;
  for (int k = 0; k < w->segments; k++) users_count += w->sizes[k];
  TRY_ALL(s->comm, ARENA(a, w->words.count, &here));
  TRY_ALL(s->comm, ARENA(a, w->words.count, &all));
  count_keywords(w, -1, all);
  comm_sum_i64(s->comm, all, w->words.count);
  for (int k = 0; k < w->segments && k < LOGGED_MOST; k++) {
    char *names = NULL;
    count_keywords(w, k, here);
    comm_sum_i64(s->comm, here, w->words.count);
    if (w->sizes[k] == 0) continue;
    TRY_ALL(s->comm, name_segment(w, here, all, w->sizes[k], users_count, a, &names));
    log_event(s->log, s->name, "segment", LOG_INT("segment", k), LOG_INT("users", w->sizes[k]),
              LOG_TEXT("words", names));
  }
  return STATUS_OK;
}

static status add_numbers(work *w) {
  stage *s = w->stage;
  char *summary = NULL;
  accounts_add(&s->done.numbers, "words", w->words.count);
  accounts_add(&s->done.numbers, "segments", w->segments);
  accounts_add(&s->done.numbers, "users_without_words", w->without_words);
  TRY(arena_print(s->arena, &summary, "\"words\": %d, \"segments\": [", w->words.count));
  for (int k = 0; k < w->segments; k++) {
    char *name = NULL;
    TRY(arena_print(s->arena, &summary, "%s%s%lld", summary, k > 0 ? ", " : "", (long long)w->sizes[k]));
    TRY(arena_print(s->arena, &name, "segment.%d", k));
    if (k < NUMBERED_MOST) accounts_add(&s->done.numbers, name, w->sizes[k]);
  }
  TRY(arena_print(s->arena, &summary, "%s]", summary));
  s->done.summary = summary;
  return STATUS_OK;
}

static status run(work *w, arena *scratch) {
  stage *s = w->stage;
  float *centre = NULL;
  TRY_ALL(s->comm, load_catalogue(w));
  TRY(item_words_find(s, &w->catalogue, s->arena, &w->words));
  TRY_ALL(s->comm, start(w));
  TRY_ALL(s->comm, profile_all(w, scratch));
  TRY_ALL(s->comm, ARENA(s->arena, (int64_t)w->segments * PROFILE_DIMENSIONS, &centre));
  TRY(cluster_find(s->comm, &w->rows, w->segments, (int)settings_int(s->settings, "profile.iterations"), s->seed,
                   scratch, centre));
  TRY_ALL(s->comm, write_all(w));
  comm_sum_i64(s->comm, w->sizes, w->segments);
  comm_sum_i64(s->comm, &w->without_words, 1);
  TRY(log_segments(w, scratch));
  TRY_ALL(s->comm, add_numbers(w));
  return stage_commit(s);
}

status profile_run(stage *s) {
  arena scratch = {0};
  work *w = NULL;
  TRY_ALL(s->comm, ARENA(s->arena, 1, &w));
  w->stage = s;
  const status result = run(w, &scratch);
  arena_free(&scratch);
  return result;
}
