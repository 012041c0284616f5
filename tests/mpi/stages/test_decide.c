#include "stages/decide.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/digest.h"
#include "io/work_file.h"
#include "stages/factorise.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted.h"

/* Fabricates a platform, learns its factors, and decides over the ranks of `c`. `settings` is an assignment or NULL. */
static status run_in(const comm *c, const char *name, const planted_options *o, const char *setting, uint64_t seed,
                     arena *a, stage *s) {
  char *run = NULL;
  stage before;
  status ready = arena_print(a, &run, "%s/%s", mpi_suite_folder(), name);
  if (ready == STATUS_OK) ready = planted_stage(c, run, "factorise", o, a, &before);
  if (ready == STATUS_OK) ready = planted_stage(c, run, "decide", o, a, s);
  if (ready == STATUS_OK && setting != NULL) ready = settings_override((settings *)(uintptr_t)before.settings, setting);
  if (ready == STATUS_OK && setting != NULL) ready = settings_override((settings *)(uintptr_t)s->settings, setting);
  if (ready == STATUS_OK && c->rank == 0) ready = planted_write(s, o);
  TRY_ALL(c, ready);
  TRY(factorise_run(&before));
  s->seed = seed;
  TRY(decide_run(s));
  comm_barrier(c);
  return STATUS_OK;
}

/* All that a check needs of one run. */
typedef struct night {
  catalogue items;
  words words;
  item_model model;
  users users[PLANTED_PARTS];
  profiles profiles[PLANTED_PARTS];
  decisions decisions[PLANTED_PARTS];
} night;

static status load_night(const stage *s, night *n) {
  char *path = NULL;
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, s->arena, &n->items));
  TRY(stage_path(s, "profile", "words", 0, 0, &path));
  TRY(work_file_load_words(path, PLANTED_ITEMS, s->arena, &n->words));
  TRY(stage_path(s, "factorise", "items", 0, 0, &path));
  TRY(work_file_load_item_model(path, s->arena, &n->model));
  for (int p = 0; p < PLANTED_PARTS; p++) {
    TRY(stage_path(s, "ingest", "users", p, PLANTED_PARTS, &path));
    TRY(work_file_load_users(path, PLANTED_ITEMS, s->arena, &n->users[p]));
    TRY(stage_path(s, "profile", "profiles", p, PLANTED_PARTS, &path));
    TRY(work_file_load_profiles(path, s->arena, &n->profiles[p]));
    TRY(stage_path(s, "decide", "decisions", p, PLANTED_PARTS, &path));
    TRY(work_file_load_decisions(path, s->arena, &n->decisions[p]));
  }
  return STATUS_OK;
}

static void digest_of(const stage *s, char out[DIGEST_TEXT]) {
  char all[(PLANTED_PARTS + 1) * DIGEST_TEXT] = "";
  for (int p = 0; p < PLANTED_PARTS; p++) {
    char *path = NULL, one[DIGEST_TEXT] = "";
    CU_ASSERT_EQUAL(stage_path(s, "decide", "decisions", p, PLANTED_PARTS, &path), STATUS_OK);
    CU_ASSERT_EQUAL(digest_file(path, one), STATUS_OK);
    strcat(all, one);
  }
  digest_bytes(all, strlen(all), out);
}

static void decisions_have_the_same_bytes_on_any_number_of_ranks(void) {
  arena a = {0};
  stage s;
  char together[DIGEST_TEXT] = "", alone[DIGEST_TEXT] = "";
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "together", &(planted_options){0}, NULL, 5, &a, &s), STATUS_OK);
  digest_of(&s, together);
  if (mpi_suite_comm->rank == 0) {
    arena b = {0};
    stage t;
    CU_ASSERT_EQUAL(run_in(mpi_solo(), "alone", &(planted_options){0}, NULL, 5, &b, &t), STATUS_OK);
    digest_of(&t, alone);
    CU_ASSERT_STRING_EQUAL(together, alone);
    arena_free(&b);
  }
  comm_barrier(mpi_suite_comm);
  arena_free(&a);
}

static int touched(const users *u, user_row i, item_row item, uint8_t *meanings) {
  for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++)
    if (u->item[j] == item) {
      *meanings = u->meanings[j];
      return 1;
    }
  return 0;
}

/* Whether the user touched the item under this or another id. */
static int knows(const night *n, int part, user_row i, item_row item) {
  const users *u = &n->users[part];
  for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) {
    if (u->item[j] == item) return 1;
    const char *own = catalogue_title(&n->items, u->item[j], LANGUAGE_EN);
    if (own[0] != '\0' && strcmp(own, catalogue_title(&n->items, item, LANGUAGE_EN)) == 0) return 1;
  }
  return 0;
}

static int word_is_the_users(const profiles *p, user_row i, int32_t word) {
  for (int k = 0; k < PROFILE_KEYWORDS; k++)
    if (p->keyword[i * PROFILE_KEYWORDS + k] == word) return 1;
  return 0;
}

/* Number of things said of user i that are not so. */
static int untrue_facts(const night *n, int part, user_row i) {
  const users *u = &n->users[part];
  const decisions *d = &n->decisions[part];
  const catalogue *c = &n->items;
  const item_row item = d->item[i];
  const language l = (language)u->language[i];
  uint8_t meanings = 0;
  int wrong = knows(n, part, i, item) || !c->available[item] || catalogue_title(c, item, l)[0] == '\0';
  wrong += !(d->probability[i] > 0 && d->probability[i] <= 1);
  wrong += (d->slots[i] & SLOT_BIT(SLOT_TITLE)) == 0;
  const int priced = c->price[item] >= 0 && c->domain[item] % 2 == 0; /* shop and travel */
  wrong += priced != ((d->slots[i] & SLOT_BIT(SLOT_PRICE)) != 0);
  const int is_drop = d->tone[i] == TONE_DROP;
  wrong += is_drop != ((d->slots[i] & SLOT_BIT(SLOT_WAS)) != 0);
  wrong += is_drop && !(priced && c->old_price[item] > c->price[item]);
  const int named = c->category[item] >= 0 && strings_length(&c->category_name[l], c->category[item]) > 0;
  wrong += named != ((d->slots[i] & SLOT_BIT(SLOT_CATEGORY)) != 0);
  const uint32_t because = d->slots[i] & (SLOT_BIT(SLOT_BOUGHT) | SLOT_BIT(SLOT_VIEWED) | SLOT_BIT(SLOT_LIKED));
  const uint32_t expected[EVENT_MEANINGS] = {SLOT_BIT(SLOT_VIEWED), SLOT_BIT(SLOT_LIKED), SLOT_BIT(SLOT_BOUGHT)};
  if (d->because[i] < 0) {
    wrong += because != 0;
  } else {
    wrong += because != expected[d->because_why[i]] || !touched(u, i, d->because[i], &meanings);
    wrong += !(meanings >> d->because_why[i] & 1) || strings_length(&c->title[l], d->because[i]) == 0;
  }
  if (d->keyword[i] < 0) {
    wrong += (d->slots[i] & SLOT_BIT(SLOT_KEYWORD)) != 0;
  } else {
    wrong += !word_is_the_users(&n->profiles[part], i, d->keyword[i]);
    wrong += n->words.language[d->keyword[i]] != (uint8_t)l;
  }
  return wrong;
}

static int untrue_tone(const night *n, int part, user_row i) {
  const users *u = &n->users[part];
  const decisions *d = &n->decisions[part];
  const catalogue *c = &n->items;
  const item_row item = d->item[i];
  int bought = 0, viewed = 0, above = 0, peers = 0;
  for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) {
    bought |= u->meanings[j] >> EVENT_BOUGHT & 1;
    viewed |= c->category[u->item[j]] == c->category[item] && (u->meanings[j] >> EVENT_VIEWED & 1);
  }
  for (item_row k = 0; k < c->count; k++) {
    peers += c->category[k] == c->category[item];
    above += c->category[k] == c->category[item] && c->users[k] > c->users[item];
  }
  switch ((tone)d->tone[i]) {
    case TONE_HOT: return above >= ceil(0.1 * peers);
    case TONE_NEW: return c->added[item] == CATALOGUE_NO_TIME || c->added[item] < PLANTED_NOW - 30 * 86400;
    case TONE_REMINDER: return !viewed || c->category[item] < 0 || n->profiles[part].recency[i] < 3;
    case TONE_THANKS: return !bought || n->profiles[part].frequency[i] < 2;
    default: return 0;
  }
}

static void every_user_has_one_outcome_and_every_fact_is_true(void) {
  arena a = {0};
  stage s;
  static night n;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "facts", &(planted_options){0}, NULL, 5, &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(load_night(&s, &n), STATUS_OK);
  int64_t outcomes[OUTCOME_COUNT] = {0}, tones[TONE_COUNT] = {0}, wrong = 0;
  for (int p = 0; p < PLANTED_PARTS; p++)
    for (user_row i = 0; i < n.decisions[p].count; i++) {
      const decisions *d = &n.decisions[p];
      outcomes[d->outcome[i]]++;
      wrong += (d->outcome[i] == OUTCOME_SUPPRESSED) != ((n.users[p].flags[i] & USER_SUPPRESSED) != 0);
      wrong += (d->outcome[i] == OUTCOME_MESSAGE) != (d->item[i] >= 0);
      if (d->outcome[i] != OUTCOME_MESSAGE) continue;
      tones[d->tone[i]]++;
      wrong += untrue_facts(&n, p, i) + untrue_tone(&n, p, i);
    }
  CU_ASSERT_EQUAL(wrong, 0);
  int64_t total = 0;
  for (int o = 0; o < OUTCOME_COUNT; o++) {
    total += outcomes[o];
    CU_ASSERT_EQUAL(outcomes[o], accounts_get(&s.done.numbers, outcome_name((outcome)o)));
    CU_ASSERT_TRUE(outcomes[o] > 0);
  }
  CU_ASSERT_EQUAL(total, PLANTED_USERS);
  for (int t = 0; t < TONE_COUNT; t++) CU_ASSERT_TRUE(tones[t] > 0);
  CU_ASSERT_EQUAL(tones[TONE_STORY], accounts_get(&s.done.numbers, "tone.story"));
  arena_free(&a);
}

/* The best ten by sorting all scores. */
static int wrong_candidates(const night *n, const factors *f, int part, user_row i) {
  const decisions *d = &n->decisions[part];
  int wrong = 0;
  float last = INFINITY;
  for (int k = 0; k < DECISION_CANDIDATES; k++) {
    const item_row item = d->candidate[i * DECISION_CANDIDATES + k];
    const float score = d->candidate_score[i * DECISION_CANDIDATES + k];
    if (item < 0) break;
    wrong += score > last || knows(n, part, i, item);
    last = score;
  }
  for (item_row item = 0; item < n->items.count; item++) {
    double dot = 0;
    int listed = 0;
    for (int k = 0; k < DECISION_CANDIDATES; k++) listed |= d->candidate[i * DECISION_CANDIDATES + k] == item;
    for (int c = 0; c < f->width; c++)
      dot += (double)f->value[i * f->width + c] * (double)n->model.items.value[item * f->width + c];
    if (!n->items.available[item] || catalogue_title(&n->items, item, LANGUAGE_EN)[0] == '\0' ||
        knows(n, part, i, item))
      wrong += listed;
    else
      wrong += !listed && dot > (double)last + 1e-5;
  }
  return wrong;
}

static void candidates_are_the_best_unseen_available_items(void) {
  arena a = {0};
  stage s;
  static night n;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "best", &(planted_options){0}, "recommender.models=als", 5, &a, &s),
                  STATUS_OK);
  CU_ASSERT_EQUAL(load_night(&s, &n), STATUS_OK);
  int wrong = 0, own_taste = 0, messages = 0, popular = 0;
  for (int p = 0; p < PLANTED_PARTS; p++) {
    factors f;
    char *path = NULL;
    CU_ASSERT_EQUAL(stage_path(&s, "factorise", "users", p, PLANTED_PARTS, &path), STATUS_OK);
    CU_ASSERT_EQUAL(work_file_load_factors(path, &a, &f), STATUS_OK);
    for (user_row i = 0; i < n.decisions[p].count; i++) {
      if (n.decisions[p].outcome[i] != OUTCOME_MESSAGE) continue;
      if (n.users[p].offset[i + 1] == n.users[p].offset[i]) {
        wrong += n.decisions[p].score[i] != n.model.popularity[n.decisions[p].item[i]];
        wrong += n.decisions[p].because[i] != -1;
        popular++;
        continue;
      }
      wrong += wrong_candidates(&n, &f, p, i);
      messages++;
      own_taste += planted_number(strings_at(&n.items.name, n.decisions[p].item[i])) % PLANTED_TASTES ==
                   planted_number(strings_at(&n.users[p].name, i)) % PLANTED_TASTES;
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
  CU_ASSERT_TRUE(popular > 5);
  CU_ASSERT_TRUE(own_taste > messages * 8 / 10);
  arena_free(&a);
}

/* Held-out users by number, so that runs with other ids can be compared. */
static int64_t held_out(const stage *s, uint8_t *mark) {
  static night n;
  CU_ASSERT_EQUAL(load_night(s, &n), STATUS_OK);
  memset(mark, 0, PLANTED_USERS);
  for (int p = 0; p < PLANTED_PARTS; p++)
    for (user_row i = 0; i < n.decisions[p].count; i++)
      mark[planted_number(strings_at(&n.users[p].name, i))] = n.decisions[p].outcome[i] == OUTCOME_HELD_OUT;
  return accounts_get(&s->done.numbers, "held_out");
}

static void the_holdout_follows_the_salt_and_not_the_seed(void) {
  arena a = {0};
  stage s, other_seed, other_salt;
  uint8_t mark[3][PLANTED_USERS];
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "held", &(planted_options){0}, NULL, 5, &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "held-seed", &(planted_options){0}, NULL, 6, &a, &other_seed), STATUS_OK);
  CU_ASSERT_EQUAL(
      run_in(mpi_suite_comm, "held-salt", &(planted_options){0}, "decide.holdout_salt=b", 5, &a, &other_salt),
      STATUS_OK);
  const int64_t count = held_out(&s, mark[0]);
  held_out(&other_seed, mark[1]);
  held_out(&other_salt, mark[2]);
  CU_ASSERT_TRUE(count > 30 && count < 95);
  CU_ASSERT_EQUAL(memcmp(mark[0], mark[1], PLANTED_USERS), 0);
  CU_ASSERT_NOT_EQUAL(memcmp(mark[0], mark[2], PLANTED_USERS), 0);
  char first[DIGEST_TEXT], second[DIGEST_TEXT];
  digest_of(&s, first);
  digest_of(&other_seed, second);
  CU_ASSERT_STRING_NOT_EQUAL(first, second);
  arena_free(&a);
}

/* Without exploration the item is certain, and what is left is the tone's probability. */
static void the_probability_is_that_of_the_draw(void) {
  arena a = {0};
  stage s;
  static night n;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "certain", &(planted_options){0}, "decide.explore=1", 5, &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(load_night(&s, &n), STATUS_OK);
  double weighted[2] = {0, 0};
  int wrong = 0, messages = 0;
  for (int p = 0; p < PLANTED_PARTS; p++)
    for (user_row i = 0; i < n.decisions[p].count; i++) {
      const decisions *d = &n.decisions[p];
      if (d->outcome[i] != OUTCOME_MESSAGE) continue;
      messages++;
      wrong += d->item[i] != d->candidate[i * DECISION_CANDIDATES];
      if (d->tone[i] == TONE_PICK || d->tone[i] == TONE_STORY)
        weighted[d->tone[i] == TONE_STORY] += 1 / (double)d->probability[i];
    }
  CU_ASSERT_EQUAL(wrong, 0);
  /* pick and story are open to everybody: weighting each by 1 / probability counts everybody (Horvitz and Thompson). */
  CU_ASSERT_TRUE(fabs(weighted[0] / messages - 1) < 0.25);
  CU_ASSERT_TRUE(fabs(weighted[1] / messages - 1) < 0.25);
  arena_free(&a);
}

/* The softmax of the header, from the scores in the file; what is left of the probability is a tone's weight over the
 * weights of those allowed, which are all multiples of a half. */
static void the_item_is_drawn_by_softmax(void) {
  arena a = {0};
  stage s;
  static night n;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "softmax", &(planted_options){0}, "decide.temperature=0.7", 5, &a, &s),
                  STATUS_OK);
  CU_ASSERT_EQUAL(load_night(&s, &n), STATUS_OK);
  int wrong = 0, chosen[3] = {0};
  for (int p = 0; p < PLANTED_PARTS; p++)
    for (user_row i = 0; i < n.decisions[p].count; i++) {
      const decisions *d = &n.decisions[p];
      const float *score = d->candidate_score + i * DECISION_CANDIDATES;
      if (d->outcome[i] != OUTCOME_MESSAGE || d->candidate[(i + 1) * DECISION_CANDIDATES - 1] < 0) continue;
      if (d->tone[i] != TONE_PICK) continue;
      double mean = 0, square = 0, total = 0, own = 0;
      for (int k = 0; k < DECISION_CANDIDATES; k++) mean += (double)score[k] / DECISION_CANDIDATES;
      for (int k = 0; k < DECISION_CANDIDATES; k++)
        square += ((double)score[k] - mean) * ((double)score[k] - mean) / DECISION_CANDIDATES;
      for (int k = 0; k < 3; k++) {
        const double chance = exp((double)score[k] / (0.7 * sqrt(square)) - (double)score[0] / (0.7 * sqrt(square)));
        total += chance;
        if (d->candidate[i * DECISION_CANDIDATES + k] != d->item[i]) continue;
        own = chance;
        chosen[k]++;
      }
      const double halves = 2 * 3 * own / total / (double)d->probability[i];
      wrong += fabs(halves - nearbyint(halves)) > 1e-3 || halves < 10 - 1e-3 || halves > 37 + 1e-3;
    }
  CU_ASSERT_EQUAL(wrong, 0);
  CU_ASSERT_TRUE(chosen[0] > chosen[1] && chosen[1] > 0 && chosen[2] > 0);
  arena_free(&a);
}

static void ratings_veto_what_would_be_disliked(void) {
  arena a = {0};
  stage s;
  static night n;
  const planted_options o = {.ratings = 1};
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "veto", &o, NULL, 5, &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(load_night(&s, &n), STATUS_OK);
  item_model ratings;
  char *path = NULL;
  CU_ASSERT_EQUAL(stage_path(&s, "factorise", "ratings-items", 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_item_model(path, &a, &ratings), STATUS_OK);
  int disliked = 0, moved = 0;
  for (int p = 0; p < PLANTED_PARTS; p++) {
    factors f;
    CU_ASSERT_EQUAL(stage_path(&s, "factorise", "ratings", p, PLANTED_PARTS, &path), STATUS_OK);
    CU_ASSERT_EQUAL(work_file_load_factors(path, &a, &f), STATUS_OK);
    for (user_row i = 0; i < n.decisions[p].count; i++) {
      const decisions *d = &n.decisions[p];
      if (d->outcome[i] != OUTCOME_MESSAGE) continue;
      int any = 0, chosen = 0;
      for (int k = 0; k < DECISION_CANDIDATES && d->candidate[i * DECISION_CANDIDATES + k] >= 0; k++) {
        const item_row item = d->candidate[i * DECISION_CANDIDATES + k];
        double above = (double)ratings.items.bias[item];
        for (int c = 0; c < f.width; c++)
          above += (double)f.value[i * f.width + c] * (double)ratings.items.value[item * f.width + c];
        any |= above >= 0;
        if (item == d->item[i]) chosen = above >= 0;
        moved += k >= 3 && item == d->item[i];
      }
      disliked += any && !chosen;
    }
  }
  CU_ASSERT_EQUAL(disliked, 0);
  CU_ASSERT_TRUE(moved > 0);
  arena_free(&a);
}

static void candidates_of_another_night_are_refused(void) {
  arena a = {0};
  stage s;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "other", &(planted_options){0}, NULL, 5, &a, &s), STATUS_OK);
  char *path = NULL;
  CU_ASSERT_EQUAL(stage_path(&s, "factorise", "candidates", 3, PLANTED_PARTS, &path), STATUS_OK);
  const candidate_lists none = {.count = 0};
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(work_file_save_candidates(path, &none), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  CU_ASSERT_EQUAL(decide_run(&s), STATUS_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "candidates-00003-of-00016"));
  arena_free(&a);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(decisions_have_the_same_bytes_on_any_number_of_ranks),
      TEST(every_user_has_one_outcome_and_every_fact_is_true),
      TEST(candidates_are_the_best_unseen_available_items),
      TEST(the_holdout_follows_the_salt_and_not_the_seed),
      TEST(the_probability_is_that_of_the_draw),
      TEST(the_item_is_drawn_by_softmax),
      TEST(ratings_veto_what_would_be_disliked),
      TEST(candidates_of_another_night_are_refused),
  };
  return MPI_SUITE_RUN(argc, argv, "decide", tests);
}
