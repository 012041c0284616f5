/* The near-duplicate cap against a slow twin, and what it promises. */
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "stages/generate_duplicates.h"
#include "support/mpi_suite.h"

enum { USERS = 300, WISHES = 4, TEMPLATES = 40, CAP = 6 };

/* The whole night, as every rank can draw it. */
typedef struct world {
  user_id user[USERS];
  uint64_t hash[USERS][WISHES];
  int32_t count[USERS];
  int32_t choice[USERS]; /* by the twin */
} world;

static world draw_world(uint64_t seed) {
  world w = {0};
  for (int i = 0; i < USERS; i++) {
    random_stream r = random_open(seed, RANDOM_TEST, (uint64_t)i, 0);
    w.user[i] = (user_id){random_u32(&r), random_u32(&r)};
    w.count[i] = 1 + (int32_t)random_below(&r, WISHES);
    for (int k = 0; k < WISHES; k++) w.hash[i][k] = hash_mix(1 + random_below(&r, TEMPLATES));
  }
  return w;
}

static int holders(const world *w, uint64_t hash) {
  int count = 0;
  for (int i = 0; i < USERS; i++) count += w->choice[i] >= 0 && w->hash[i][w->choice[i]] == hash;
  return count;
}

/* Deferred acceptance one user at a time, straight from the paper: whoever is turned away asks the next. */
static void twin_wave(world *w, int quota) {
  int next[USERS] = {0}, settled[USERS];
  for (int i = 0; i < USERS; i++) settled[i] = w->choice[i] >= 0;
  for (int moved = 1; moved;) {
    moved = 0;
    for (int i = 0; i < USERS; i++) {
      if (w->choice[i] >= 0 || next[i] >= w->count[i]) continue;
      moved = 1;
      const uint64_t asked = w->hash[i][next[i]];
      w->choice[i] = next[i];
      if (holders(w, asked) <= quota) continue;
      int last = i;
      for (int k = 0; k < USERS; k++)
        if (!settled[k] && w->choice[k] >= 0 && w->hash[k][w->choice[k]] == asked &&
            user_id_compare(w->user[k], w->user[last]) > 0)
          last = k;
      w->choice[last] = -1;
      next[last]++;
    }
  }
}

static void twin(world *w) {
  for (int i = 0; i < USERS; i++) w->choice[i] = -1;
  twin_wave(w, 1);
  twin_wave(w, CAP);
}

/* Users are dealt to ranks unevenly; the last rank may have none. */
static int is_mine(int user) {
  const int size = mpi_suite_comm->size;
  return (user * user) % (size > 2 ? size - 1 : size) == mpi_suite_comm->rank;
}

static void the_outcome_is_that_of_one_at_a_time(void) {
  for (uint64_t seed = 0; seed < 5; seed++) {
    arena a = {0};
    world w = draw_world(seed);
    twin(&w);
    generate_duplicates *d = NULL;
    generate_wish mine[USERS];
    uint64_t hash[USERS * WISHES];
    int user[USERS], count = 0;
    for (int i = 0; i < USERS; i++) {
      if (!is_mine(i)) continue;
      user[count] = i;
      mine[count] = (generate_wish){.user = w.user[i], .first = (int64_t)count * WISHES, .count = w.count[i]};
      memcpy(hash + count * WISHES, w.hash[i], sizeof w.hash[i]);
      count++;
    }
    CU_ASSERT_EQUAL(generate_duplicates_create(mpi_suite_comm, CAP, &a, &d), STATUS_OK);
    CU_ASSERT_EQUAL(generate_duplicates_assign(d, mine, count, hash), STATUS_OK);
    int different = 0;
    for (int i = 0; i < count; i++) different += mine[i].choice != w.choice[user[i]];
    CU_ASSERT_EQUAL(different, 0);
    generate_duplicates_free(d);
    arena_free(&a);
  }
}

static void the_cap_holds_over_several_rounds(void) {
  arena a = {0};
  generate_duplicates *d = NULL;
  CU_ASSERT_EQUAL(generate_duplicates_create(mpi_suite_comm, 2, &a, &d), STATUS_OK);
  const uint64_t hash[] = {7};
  int64_t chosen = 0, distinct = 0, largest = 0;
  for (uint64_t round = 0; round < 3; round++) {
    generate_wish mine[] = {{.user = {round, (uint64_t)mpi_suite_comm->rank}, .first = 0, .count = 1}};
    CU_ASSERT_EQUAL(generate_duplicates_assign(d, mine, 1, hash), STATUS_OK);
    chosen += mine[0].choice == 0;
  }
  comm_sum_i64(mpi_suite_comm, &chosen, 1);
  CU_ASSERT_EQUAL(chosen, 2);
  generate_duplicates_count(d, &distinct, &largest);
  CU_ASSERT_EQUAL(distinct, 1);
  CU_ASSERT_EQUAL(largest, 2);
  generate_duplicates_free(d);
  arena_free(&a);
}

static uint64_t hash_of(const char *text) {
  arena a = {0};
  uint64_t hash = 0;
  CU_ASSERT_EQUAL(generate_duplicates_hash(text, &a, &hash), STATUS_OK);
  arena_free(&a);
  return hash;
}

static void marks_and_emoji_do_not_make_a_text_new(void) {
  CU_ASSERT_EQUAL(hash_of("For you: <title>!"), hash_of("for you, <title> ✨"));
  CU_ASSERT_EQUAL(hash_of("【今日推荐】<title>。🔥"), hash_of("今日推荐，<title>！"));
  CU_ASSERT_NOT_EQUAL(hash_of("For you: <title>"), hash_of("For you: <category>"));
  CU_ASSERT_NOT_EQUAL(hash_of("给你挑了<title>"), hash_of("替你挑了<title>"));
}

int main(int argc, char **argv) {
  static const suite_test tests[] = {
      TEST(the_outcome_is_that_of_one_at_a_time),
      TEST(the_cap_holds_over_several_rounds),
      TEST(marks_and_emoji_do_not_make_a_text_new),
  };
  return MPI_SUITE_RUN(argc, argv, "generate_duplicates", tests);
}
