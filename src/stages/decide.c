#include "stages/decide.h"

#include <stdio.h>
#include <string.h>

#include "base/watchdog.h"
#include "io/work_file.h"
#include "stages/decide_choice.h"
#include "stages/decide_facts.h"

/* Outcomes, then tones, so that one sum over ranks serves all. */
typedef struct tally {
  int64_t outcome[OUTCOME_COUNT];
  int64_t tone[TONE_COUNT];
} tally;

static status take_decisions(arena *a, int32_t count, decisions *d) {
  d->count = count;
  TRY(ARENA(a, count, &d->outcome));
  TRY(ARENA(a, count, &d->item));
  TRY(ARENA(a, count, &d->score));
  TRY(ARENA(a, count, &d->probability));
  TRY(ARENA(a, count, &d->tone));
  TRY(ARENA(a, count, &d->slots));
  TRY(ARENA(a, count, &d->because));
  TRY(ARENA(a, count, &d->because_why));
  TRY(ARENA(a, count, &d->keyword));
  TRY(ARENA(a, (int64_t)count * DECISION_CANDIDATES, &d->candidate));
  return ARENA(a, (int64_t)count * DECISION_CANDIDATES, &d->candidate_score);
}

static void leave_out(decisions *d, user_row i, outcome why) {
  d->outcome[i] = (uint8_t)why;
  d->item[i] = d->because[i] = d->keyword[i] = -1;
  for (int k = 0; k < DECISION_CANDIDATES; k++) {
    d->candidate[(int64_t)i * DECISION_CANDIDATES + k] = -1;
    d->candidate_score[(int64_t)i * DECISION_CANDIDATES + k] = 0;
  }
}

static void decide_user(const decide_side *side, const decide_part *p, user_row i, decisions *d) {
  const users *u = &p->users;
  if (u->flags[i] & USER_SUPPRESSED) {
    leave_out(d, i, OUTCOME_SUPPRESSED);
    return;
  }
  if (decide_choice_held_out(side, u, i)) {
    leave_out(d, i, OUTCOME_HELD_OUT);
    return;
  }
  const int64_t at = (int64_t)i * DECISION_CANDIDATES;
  random_stream r = random_open(side->seed, RANDOM_DECIDE, u->id[i].high ^ u->id[i].low, 0);
  double item_chance = 0, tone_chance = 0;
  const int k = decide_choice_draw(side, p, i, d->candidate + at, d->candidate_score + at, &r, &item_chance);
  if (k < 0) {
    leave_out(d, i, OUTCOME_NO_CANDIDATE);
    return;
  }
  const item_row item = d->candidate[at + k];
  event_meaning why = EVENT_VIEWED;
  const tone t = decide_facts_draw_tone(decide_facts_tones(side, p, i, item), &r, &tone_chance);
  d->outcome[i] = OUTCOME_MESSAGE;
  d->item[i] = item;
  d->score[i] = d->candidate_score[at + k];
  d->probability[i] = (float)(item_chance * tone_chance);
  d->tone[i] = (uint8_t)t;
  d->because[i] = decide_facts_because(side, p, i, item, &why);
  d->because_why[i] = (uint8_t)why;
  d->keyword[i] = decide_facts_keyword(side, p, i, item);
  d->slots[i] = decide_facts_slots(side, (language)u->language[i], item, t, d->because[i], why, d->keyword[i]);
}

static status decide_part_users(const decide_side *side, const decide_part *p, arena *a, decisions *d) {
  const size_t row = DECISION_CANDIDATES;
  TRY(take_decisions(a, p->users.count, d));
  memcpy(d->candidate, p->candidates.item, (size_t)d->count * row * sizeof *d->candidate);
  memcpy(d->candidate_score, p->candidates.score, (size_t)d->count * row * sizeof *d->candidate_score);
  for (user_row i = 0; i < d->count; i++) {
    if (p->users.offset[i + 1] == p->users.offset[i])
      decide_choice_popular(side, d->candidate + i * (int64_t)row, d->candidate_score + i * (int64_t)row);
    decide_user(side, p, i, d);
  }
  watchdog_pulse();
  return STATUS_OK;
}

static void count_decisions(const decisions *d, tally *t) {
  for (user_row i = 0; i < d->count; i++) {
    t->outcome[d->outcome[i]]++;
    if (d->outcome[i] == OUTCOME_MESSAGE) t->tone[d->tone[i]]++;
  }
}

static status decide_parts(const stage *s, const partition *owned, tally *t) {
  decide_side side;
  TRY(decide_side_load(s, &side));
  const int first = owned->first[s->comm->rank], last = owned->first[s->comm->rank + 1];
  progress bar = stage_progress(s, last - first);
  for (int index = first; index < last; index++) {
    const arena_mark before = arena_here(s->arena);
    decide_part p;
    decisions d = {0};
    char *path = NULL;
    TRY(decide_part_load(s, &side, index, owned->count, s->arena, &p));
    TRY(decide_part_users(&side, &p, s->arena, &d));
    TRY(stage_path(s, s->name, "decisions", index, owned->count, &path));
    TRY(work_file_save_decisions(path, &d));
    count_decisions(&d, t);
    arena_release(s->arena, before);
    progress_at(&bar, index + 1 - first, NULL);
  }
  progress_end(&bar, NULL);
  return STATUS_OK;
}

static status keep_numbers(stage *s, const tally *t) {
  stage_done ingest;
  TRY(stage_before(s, "ingest", &ingest));
  int64_t total = 0;
  for (int o = 0; o < OUTCOME_COUNT; o++) {
    accounts_add(&s->done.numbers, outcome_name((outcome)o), t->outcome[o]);
    total += t->outcome[o];
  }
  for (int k = 0; k < TONE_COUNT; k++) {
    char *name = NULL;
    TRY(arena_print(s->arena, &name, "tone.%s", tone_name((tone)k)));
    accounts_add(&s->done.numbers, name, t->tone[k]);
  }
  if (total != accounts_get(&ingest.numbers, "users"))
    return status_fail(STATUS_BUG, "%s: %lld users were decided on, ingest counted %lld; run with --from ingest",
                       s->run, (long long)total, (long long)accounts_get(&ingest.numbers, "users"));
  return STATUS_OK;
}

status decide_run(stage *s) {
  partition owned;
  tally t = {{0}, {0}};
  TRY_ALL(s->comm, stage_users(s, &owned));
  TRY_ALL(s->comm, decide_parts(s, &owned, &t));
  comm_sum_i64(s->comm, t.outcome, OUTCOME_COUNT);
  comm_sum_i64(s->comm, t.tone, TONE_COUNT);
  TRY_ALL(s->comm, keep_numbers(s, &t));
  log_event(s->log, s->name, "outcomes", LOG_INT("messages", t.outcome[OUTCOME_MESSAGE]),
            LOG_INT("suppressed", t.outcome[OUTCOME_SUPPRESSED]), LOG_INT("held_out", t.outcome[OUTCOME_HELD_OUT]),
            LOG_INT("no_candidate", t.outcome[OUTCOME_NO_CANDIDATE]));
  return stage_commit(s);
}
