/* Profiles against counting by hand, and against one rank that does everything alone. */
#include "stages/profile.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "stages/cluster.h"
#include "stages/ingest.h"
#include "support/stage_fixture.h"

enum { PARTITIONS = 8, USERS = 60 };

/* Two tastes: gardens and stars. Users of one taste touch items of its words only. */
static const char items[] =
    "item,title_en,title_zh,keywords_zh\n"
    "g1,Garden Rose Basket,,\ng2,Garden Tulip Basket,,\ng3,Garden Rose Lantern,,\n"
    "s1,Silver Star Necklace,银色星星项链,项链;星星\ns2,Golden Star Necklace,金色项链,项链\n"
    "s3,Star Bracelet,星星手链,手链;星星\n";

static const char *write_events(char path[600]) {
  static char text[USERS * 400];
  random_stream r = random_open(3, RANDOM_TEST, 0, 0);
  char *at = text + sprintf(text, "user,item,time,kind,price\n");
  for (int u = 0; u < USERS; u++)
    for (int e = 0; e < 4; e++)
      at += sprintf(at, "u%d,%c%d,2024-03-%02d %02d:00:00,%s,2.50\n", u, u % 2 ? 's' : 'g',
                    1 + (int)random_below(&r, 3), 1 + 5 * e, e == 0 ? 3 : 20, e == 1 ? "buy" : "view");
  return fixture_file(path, "events.csv", text);
}

static void run_both(fixture *f, const char *name, int alone, const char *segments) {
  char path[3][600], line[3][700];
  const char *const assignments[] = {
      fixture_path(line[0], "inputs.interactions.path", write_events(path[0])),
      fixture_path(line[1], "inputs.catalogue.path", fixture_file(path[1], "items.csv", items)),
      fixture_path(line[2], "inputs.users.path",
                   fixture_file(path[2], "users.csv", "user,language\nu1,zh\nquiet,zh\n")),
      "job=test",
      "partitions.users=8",
      segments,
      "inputs.interactions.columns.time=time",
      "inputs.interactions.columns.kind=kind",
      "inputs.interactions.columns.price=price",
      "inputs.catalogue.columns.title_en=title_en",
      "inputs.catalogue.columns.title_zh=title_zh",
      "inputs.catalogue.columns.keywords_zh=keywords_zh",
      "inputs.users.columns.language=language",
      "events.kinds[0].name=view",
      "events.kinds[1].name=buy",
      "events.kinds[1].means=bought",
      "events.kinds[1].weight=3",
      NULL};
  fixture_open(f, name, alone, assignments);
  CU_ASSERT_EQUAL(fixture_run(f, "ingest", ingest_run), STATUS_OK);
  const status result = fixture_run(f, "profile", profile_run);
  if (result != STATUS_OK) fprintf(stderr, "%s\n", status_text());
  CU_ASSERT_EQUAL(result, STATUS_OK);
}

static status load_profiles(const fixture *f, int index, arena *a, profiles *out) {
  char *path = NULL;
  TRY(work_file_path(a, f->run, "profile", "profiles", index, PARTITIONS, &path));
  return work_file_load_profiles(path, a, out);
}

static status load_words(const fixture *f, int32_t count, arena *a, words *out) {
  char *path = NULL;
  TRY(work_file_path(a, f->run, "profile", "words", 0, 0, &path));
  return work_file_load_words(path, count, a, out);
}

static void any_number_of_ranks_writes_the_same_bytes(void) {
  fixture together, alone;
  run_both(&together, "bytes", 0, "profile.segments=5");
  run_both(&alone, "bytes", 1, "profile.segments=5");
  CU_ASSERT_TRUE(fixture_same(&together, &alone, "profile/words.nmt"));
  CU_ASSERT_TRUE(fixture_same_all(&together, &alone, "profile/profiles", PARTITIONS));
  CU_ASSERT_EQUAL(fixture_number(&together, "profile", "segment.1"), fixture_number(&alone, "profile", "segment.1"));
  fixture_close(&together);
  fixture_close(&alone);
}

/* TF-IDF of a user's words by the definition. */
static double weight_of(const words *w, const users *u, user_row user, int32_t word) {
  double sum = 0;
  for (int64_t i = u->offset[user]; i < u->offset[user + 1]; i++)
    for (int64_t j = w->item_offset[u->item[i]]; j < w->item_offset[u->item[i] + 1]; j++)
      if (w->item_word[j] == word) sum += (double)u->weight[i];
  return sum * (double)w->idf[word];
}

static void check_keywords(const words *w, const users *u, const profiles *p, user_row user) {
  int expected = 0;
  for (int32_t word = 0; word < w->count; word++) {
    const double weight = weight_of(w, u, user, word);
    if (w->language[word] != u->language[user] || weight <= 0) continue;
    expected++;
    int found = 0, better = 0;
    for (int k = 0; k < PROFILE_KEYWORDS; k++) {
      const int64_t at = (int64_t)user * PROFILE_KEYWORDS + k;
      if (p->keyword[at] == word) {
        found = 1;
        CU_ASSERT_TRUE(suite_close((double)p->keyword_weight[at], weight, 1e-5));
      }
    }
    for (int32_t other = 0; other < w->count; other++) {
      const double value = weight_of(w, u, user, other);
      better += w->language[other] == u->language[user] && value > weight * (1 + 1e-9);
    }
    if (better >= PROFILE_KEYWORDS) CU_ASSERT_FALSE(found);
    if (found == 0) CU_ASSERT_TRUE(p->keyword[(int64_t)user * PROFILE_KEYWORDS + PROFILE_KEYWORDS - 1] >= 0);
  }
  for (int k = 0; k < PROFILE_KEYWORDS; k++) {
    const int64_t at = (int64_t)user * PROFILE_KEYWORDS + k;
    CU_ASSERT_EQUAL(p->keyword[at] >= 0, k < expected);
    if (k > 0 && p->keyword[at] >= 0) CU_ASSERT_TRUE(p->keyword_weight[at] <= p->keyword_weight[at - 1]);
  }
}

static void check_behaviour(const profiles *p, user_row user, const char *name) {
  if (strcmp(name, "quiet") == 0) {
    CU_ASSERT_TRUE(p->recency[user] < 0);
    CU_ASSERT_EQUAL(p->frequency[user], 0);
    CU_ASSERT_EQUAL(p->hour[user], PROFILE_NO_HOUR);
    CU_ASSERT_EQUAL(p->segment[user], 0);
    return;
  }
  CU_ASSERT_TRUE(suite_close((double)p->recency[user], 1 / 86400.0, 1e-6));
  CU_ASSERT_EQUAL(p->frequency[user], 4);
  CU_ASSERT_EQUAL(p->hour[user], 20);
  CU_ASSERT_TRUE(suite_close(p->value[user], 2.5, 1e-9));
}

static void profiles_are_what_counting_says(void) {
  fixture f;
  arena memory = {0};
  catalogue c;
  words w;
  int seen = 0;
  run_both(&f, "counting", 0, "profile.segments=2");
  CU_ASSERT_EQUAL(fixture_catalogue(&f, &memory, &c), STATUS_OK);
  CU_ASSERT_EQUAL(load_words(&f, c.count, &memory, &w), STATUS_OK);
  for (int i = 0; i < PARTITIONS; i++) {
    users u;
    profiles p;
    CU_ASSERT_EQUAL(fixture_users(&f, i, PARTITIONS, c.count, &memory, &u), STATUS_OK);
    CU_ASSERT_EQUAL(load_profiles(&f, i, &memory, &p), STATUS_OK);
    CU_ASSERT_EQUAL(p.count, u.count);
    for (user_row user = 0; user < u.count; user++, seen++) {
      check_keywords(&w, &u, &p, user);
      check_behaviour(&p, user, strings_at(&u.name, user));
    }
  }
  CU_ASSERT_EQUAL(seen, USERS + 1);
  arena_free(&memory);
  fixture_close(&f);
}

/* Chinese keywords of the catalogue are taken whole; English titles are broken into words. */
static void words_come_from_keywords_or_else_from_titles(void) {
  fixture f;
  arena memory = {0};
  words w;
  run_both(&f, "words", 0, "profile.segments=2");
  CU_ASSERT_EQUAL(load_words(&f, 6, &memory, &w), STATUS_OK);
  int garden = 0, necklace = 0, silver = 0;
  for (int32_t i = 0; i < w.count; i++) {
    const char *word = strings_at(&w.word, i);
    if (i > 0) CU_ASSERT_TRUE(w.language[i] > w.language[i - 1] || strcmp(word, strings_at(&w.word, i - 1)) > 0);
    if (strcmp(word, "garden") == 0) garden = w.language[i] == LANGUAGE_EN;
    if (strcmp(word, "项链") == 0) {
      necklace = w.language[i] == LANGUAGE_ZH;
      CU_ASSERT_TRUE(suite_close((double)w.idf[i], log(7.0 / 3) + 1, 1e-6));
    }
    silver += strcmp(word, "银色") == 0;
  }
  CU_ASSERT_TRUE(garden && necklace);
  CU_ASSERT_EQUAL(silver, 0);
  arena_free(&memory);
  fixture_close(&f);
}

/* Gardeners and stargazers are never in one segment. */
static void segments_keep_tastes_apart(void) {
  fixture f;
  arena memory = {0};
  int of_taste[2][2] = {{0}};
  run_both(&f, "tastes", 0, "profile.segments=2");
  for (int i = 0; i < PARTITIONS; i++) {
    users u;
    profiles p;
    CU_ASSERT_EQUAL(fixture_users(&f, i, PARTITIONS, 6, &memory, &u), STATUS_OK);
    CU_ASSERT_EQUAL(load_profiles(&f, i, &memory, &p), STATUS_OK);
    for (user_row user = 0; user < u.count; user++)
      if (strings_at(&u.name, user)[0] == 'u') of_taste[atoi(strings_at(&u.name, user) + 1) % 2][p.segment[user] & 1]++;
  }
  CU_ASSERT_EQUAL(of_taste[0][0] * of_taste[0][1], 0);
  CU_ASSERT_EQUAL(of_taste[1][0] * of_taste[1][1], 0);
  CU_ASSERT_EQUAL(of_taste[0][0] * of_taste[1][0], 0);
  arena_free(&memory);
  fixture_close(&f);
}

/* More clusters than different rows: the rest stay empty, and nothing hangs or divides by zero. */
static void clusters_may_be_empty(void) {
  arena memory = {0};
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  cluster_rows rows = {.width = 2, .leaves = 4, .first = 4 * rank / size, .last = 4 * (rank + 1) / size};
  float centre[10];
  CU_ASSERT_EQUAL(ARENA(&memory, rows.last - rows.first, &rows.leaf), STATUS_OK);
  for (int i = rows.first; i < rows.last; i++) {
    cluster_leaf *leaf = &rows.leaf[i - rows.first];
    CU_ASSERT_EQUAL(cluster_take(&memory, 2, i == 1 ? 0 : 3, leaf), STATUS_OK);
    for (int64_t j = 0; j < leaf->count; j++) {
      leaf->row[2 * j + (j % 2)] = 1;
      leaf->id[j] = (uint64_t)(i * 10 + j);
    }
  }
  CU_ASSERT_EQUAL(cluster_find(mpi_suite_comm, &rows, 5, 20, 1, &memory, centre), STATUS_OK);
  for (int i = rows.first; i < rows.last; i++) {
    const cluster_leaf *leaf = &rows.leaf[i - rows.first];
    for (int64_t j = 0; j < leaf->count; j++) {
      const float *own = centre + 2 * leaf->assigned[j];
      CU_ASSERT_TRUE(own[0] == leaf->row[2 * j] && own[1] == leaf->row[2 * j + 1]);
    }
  }
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(any_number_of_ranks_writes_the_same_bytes),
      TEST(profiles_are_what_counting_says),
      TEST(words_come_from_keywords_or_else_from_titles),
      TEST(segments_keep_tastes_apart),
      TEST(clusters_may_be_empty),
  };
  return MPI_SUITE_RUN(argc, argv, "profile", tests);
}
