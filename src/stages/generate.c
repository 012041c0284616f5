#include "stages/generate.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/watchdog.h"
#include "stages/checkpoint.h"
#include "stages/generate_candidates.h"
#include "stages/generate_checkpoint.h"
#include "stages/generate_duplicates.h"
#include "stages/generate_manifest.h"
#include "stages/generate_numbers.h"
#include "stages/generate_shards.h"

/* What an earlier start of the same night has left of a round, over all ranks. Only int64_t: one sum serves all. */
typedef struct kept {
  int64_t partitions, damaged, texts;
} kept;

typedef struct night {
  stage *stage;
  generate_side side;
  generate_models models;
  generate_guard guard;
  int partitions;                /* of the job */
  int count;                     /* of this rank */
  generate_part *parts;          /* [count] */
  generate_proposals *proposals; /* [count], of the round at work */
  generate_duplicates *duplicates;
  generate_tally tally;
  generate_counts counts;
  kept kept;
  int64_t saves;          /* of proposals, by this rank */
  double saving;          /* seconds in them */
  int64_t *item_messages; /* [items] */
  shard_summary *shards;  /* [count] */
} night;

/* Local. */
static status load(night *n) {
  stage *s = n->stage;
  partition own;
  TRY(stage_users(s, &own));
  TRY(generate_side_load(s, &n->side));
  TRY(generate_models_load(s, &n->side.copy, n->side.model.items.width, &n->models));
  TRY(generate_guard_create(&n->side, n->models.tokens, s->arena, &n->guard));
  const int first = own.first[s->comm->rank];
  n->partitions = own.count;
  n->count = own.first[s->comm->rank + 1] - first;
  TRY(ARENA(s->arena, n->count, &n->parts));
  TRY(ARENA(s->arena, n->count, &n->proposals));
  TRY(ARENA(s->arena, n->count, &n->shards));
  TRY(ARENA(s->arena, n->side.items.count, &n->item_messages));
  for (int i = 0; i < n->count; i++) {
    TRY(generate_part_load(s, &n->side, first + i, n->partitions, &n->parts[i]));
    if (n->parts[i].factors.width != n->side.model.items.width)
      return status_fail(STATUS_DATA, "%s: user factors of %d numbers, item factors of %d; run with --from factorise",
                         s->run, n->parts[i].factors.width, n->side.model.items.width);
  }
  return STATUS_OK;
}

/* Local. */
static int64_t waiting_here(const night *n) {
  int64_t waiting = 0;
  for (int i = 0; i < n->count; i++) waiting += generate_candidates_waiting(&n->parts[i]);
  return waiting;
}

static int64_t waiting_everywhere(const night *n) {
  int64_t waiting = waiting_here(n);
  comm_sum_i64(n->stage->comm, &waiting, 1);
  return waiting;
}

/* Local. What the writer said of this round before the job was killed. */
static status take_kept(night *n, int round) {
  n->kept = (kept){0};
  for (int i = 0; i < n->count; i++) {
    generate_found found = GENERATE_NOTHING;
    TRY(generate_checkpoint_load(n->stage, round, &n->parts[i], n->partitions, &n->proposals[i], &found));
    n->kept.partitions += found == GENERATE_KEPT;
    n->kept.damaged += found == GENERATE_DAMAGED;
    if (found == GENERATE_KEPT) n->kept.texts += n->proposals[i].count;
  }
  return STATUS_OK;
}

/* Collective. */
static status resume(night *n, int round) {
  const stage *s = n->stage;
  TRY_ALL(s->comm, take_kept(n, round));
  comm_sum_i64(s->comm, &n->kept.partitions, sizeof n->kept / sizeof(int64_t));
  const kept *k = &n->kept;
  if (k->partitions > 0)
    log_event(s->log, s->name, "resumed", LOG_TEXT("phase", "proposals"), LOG_INT("step", round),
              LOG_INT("partitions", k->partitions), LOG_INT("texts", k->texts));
  if (k->damaged == 0) return STATUS_OK;
  log_event(s->log, s->name, "checkpoint_damaged", LOG_TEXT("phase", "proposals"), LOG_INT("step", round),
            LOG_INT("partitions", k->damaged));
  if (s->comm->rank == 0)
    fprintf(stderr, "nightmail: %s: %s/work/%s: proposals of %lld partitions are damaged; the writer is asked again\n",
            status_kind(STATUS_DATA), s->run, s->name, (long long)k->damaged);
  return STATUS_OK;
}

/* Local. Texts for one partition, saved at the end, when the job is asked to stop, and when the time is over. */
static status sample_part(night *n, int round, int i, double until, generate_meter *meter) {
  const stage *s = n->stage;
  generate_proposals *p = &n->proposals[i];
  if (stop_asked()) return checkpoint_stopped("what the writer has said is saved");
  TRY(generate_candidates_sample(s, &n->side, &n->models, &n->guard, &n->parts[i], round, until - clock_now(), meter,
                                 p));
  const double began = clock_now();
  TRY(generate_checkpoint_save(s, round, n->parts[i].index, n->partitions, p));
  n->saves++;
  n->saving += clock_now() - began;
  log_event(s->log, s->name, "checkpoint", LOG_TEXT("phase", "proposals"), LOG_INT("step", round),
            LOG_INT("partition", n->parts[i].index), LOG_INT("texts", p->count),
            LOG_REAL("seconds", clock_now() - began));
  return STATUS_OK;
}

/* Local. *left says whether there was no time for all. */
static status sample_until(night *n, int round, double until, generate_meter *meter, int *left) {
  *left = 0;
  for (int i = 0; i < n->count && !*left; i++) {
    if (n->proposals[i].next == n->parts[i].users.count) continue;
    watchdog_at("generate", n->parts[i].index);
    TRY(sample_part(n, round, i, until, meter));
    *left = n->proposals[i].next < n->parts[i].users.count;
  }
  return STATUS_OK;
}

/* Collective. Texts of the writer for all users that wait. The ranks meet between two spells of work, so that one that
 * is done long before the others is not taken for one that hangs, and all hear of it when one is asked to stop. */
static status sample(night *n, int round) {
  const stage *s = n->stage;
  const double dog = settings_real(s->settings, "layout.watchdog_seconds"),
               most = settings_real(s->settings, "layout.checkpoint_seconds");
  const double spell = dog > 0 && dog / 2 < most ? dog / 2 : most;
  generate_meter meter = {.bar = stage_progress(s, waiting_here(n))};
  for (int left = 1; left;) {
    TRY_ALL(s->comm, sample_until(n, round, clock_now() + spell, &meter, &left));
    left = comm_any(s->comm, left);
  }
  char note[64];
  snprintf(note, sizeof note, "texts, round %d of at most %d", round + 1, GENERATE_ROUNDS);
  progress_end(&meter.bar, note);
  return STATUS_OK;
}

/* Local. Lines of copy for all users that wait. */
static status draw(night *n) {
  for (int i = 0; i < n->count; i++) TRY(generate_candidates_draw(n->stage, &n->side, &n->parts[i], &n->proposals[i]));
  return STATUS_OK;
}

/* Local. One list of wishes over all parts of this rank. */
static status wish(const night *n, arena *scratch, generate_wish **wishes, uint64_t **hash, int64_t *count) {
  int64_t most = 0, texts = 0;
  for (int i = 0; i < n->count; i++) {
    most += n->parts[i].users.count;
    texts += n->proposals[i].count;
  }
  TRY(ARENA(scratch, most, wishes));
  TRY(ARENA(scratch, texts, hash));
  *count = 0;
  int64_t at = 0;
  for (int i = 0; i < n->count; i++) {
    const generate_proposals *p = &n->proposals[i];
    for (int64_t k = 0; k < p->count; k++, at++) {
      if (k == 0 || p->user[k] != p->user[k - 1])
        (*wishes)[(*count)++] = (generate_wish){.user = n->parts[i].users.id[p->user[k]], .first = at};
      (*wishes)[*count - 1].count++;
      (*hash)[at] = p->hash[k];
    }
  }
  return STATUS_OK;
}

/* Local. Gives each user the text that came true. */
static void settle(night *n, source from, const generate_wish *wishes) {
  int64_t user = -1;
  for (int i = 0; i < n->count; i++) {
    const generate_proposals *p = &n->proposals[i];
    int64_t first = 0;
    for (int64_t k = 0; k < p->count; k++) {
      if (k == 0 || p->user[k] != p->user[k - 1]) {
        user++;
        first = k;
      }
      if (k - first != wishes[user].choice) continue;
      n->parts[i].template_text[p->user[k]] = p->text[k];
      n->parts[i].source[p->user[k]] = (uint8_t)from;
    }
  }
}

/* Collective. */
static status assign(night *n, source from) {
  arena scratch = {0};
  generate_wish *wishes = NULL;
  uint64_t *hash = NULL;
  int64_t count = 0;
  status result = comm_agree(n->stage->comm, wish(n, &scratch, &wishes, &hash, &count));
  if (result == STATUS_OK) result = generate_duplicates_assign(n->duplicates, wishes, count, hash);
  if (result == STATUS_OK) settle(n, from, wishes);
  arena_free(&scratch);
  return result;
}

static void add_tally(generate_tally *to, const generate_tally *from) {
  to->candidates += from->candidates;
  to->unfinished += from->unfinished;
  to->strange += from->strange;
  to->repeated += from->repeated;
  to->refused += from->refused;
  to->retried += from->retried;
  for (int i = 0; i < RULE_COUNT; i++) to->rejected[i] += from->rejected[i];
}

/* Collective. Down the ladder until every user who can has a text. */
static status climb_down(night *n) {
  const stage *s = n->stage;
  int64_t waiting = waiting_everywhere(n);
  for (int round = 0; round < GENERATE_ROUNDS && waiting > 0; round++) {
    TRY(resume(n, round));
    TRY(sample(n, round));
    for (int i = 0; i < n->count; i++) add_tally(&n->tally, &n->proposals[i].tally);
    TRY(assign(n, SOURCE_GENERATED));
    const int64_t before = waiting;
    waiting = waiting_everywhere(n);
    log_event(s->log, s->name, "round", LOG_INT("round", round), LOG_INT("users", before), LOG_INT("left", waiting));
  }
  if (waiting == 0) return STATUS_OK;
  TRY_ALL(s->comm, draw(n));
  TRY(assign(n, SOURCE_TEMPLATE));
  return STATUS_OK;
}

/* Local. */
static status write_shards(night *n) {
  for (int i = 0; i < n->count; i++) {
    if (stop_asked()) return checkpoint_stopped("what the writer has said is saved");
    watchdog_at("generate: shards", n->parts[i].index);
    TRY(generate_shards_write(n->stage, &n->side, &n->parts[i], n->partitions, &n->counts, n->item_messages,
                              &n->shards[i]));
  }
  return STATUS_OK;
}

/* Collective. */
static status count_up(night *n) {
  stage *s = n->stage;
  generate_numbers numbers = {.tally = n->tally, .counts = n->counts};
  generate_duplicates_count(n->duplicates, &numbers.templates_distinct, &numbers.templates_largest);
  TRY(generate_numbers_publish(s, &numbers, n->item_messages, n->side.items.count));
  n->counts = numbers.counts;
  return STATUS_OK;
}

/* Users of the night to a template, at least one. */
static int64_t cap_of(const stage *s, int64_t messages) {
  const int64_t cap = (int64_t)floor(settings_real(s->settings, "generate.duplicate_share") * (double)messages);
  return cap > 1 ? cap : 1;
}

static status run(night *n) {
  stage *s = n->stage;
  TRY_ALL(s->comm, load(n));
  const int64_t messages = waiting_everywhere(n);
  TRY_ALL(s->comm, generate_duplicates_create(s->comm, cap_of(s, messages), s->arena, &n->duplicates));
  TRY(climb_down(n));
  TRY_ALL(s->comm, write_shards(n));
  TRY(count_up(n));
  comm_max_f64(s->comm, &n->saving, 1);
  comm_sum_i64(s->comm, &n->saves, 1);
  log_event(s->log, s->name, "checkpoints", LOG_TEXT("phase", "proposals"), LOG_INT("saved", n->saves),
            LOG_REAL("seconds", n->saving), LOG_REAL("phase_seconds", clock_now() - s->started));
  TRY(generate_manifest_write(s, &n->counts, n->shards, n->count));
  TRY(stage_commit(s));
  status removed = STATUS_OK;
  for (int i = 0; i < n->count && removed == STATUS_OK; i++)
    removed = generate_checkpoint_remove(s, n->parts[i].index, n->partitions);
  TRY_ALL(s->comm, removed);
  return STATUS_OK;
}

status generate_run(stage *s) {
  night n = {.stage = s};
  const status result = run(&n);
  generate_duplicates_free(n.duplicates);
  generate_models_close(&n.models);
  if (n.side.rules != NULL) generate_side_close(&n.side);
  return result;
}
