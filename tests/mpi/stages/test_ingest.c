/* Ingest against an obvious twin that reads its rows from memory, and against one rank that does everything alone. */
#include "stages/ingest.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "stages/ingest_cut.h"
#include "support/stage_fixture.h"

enum { ROWS = 900, USERS = 37, ITEMS = 23, PARTITIONS = 8, TITLES = 3 };

typedef struct row {
  int user, item, hour, kind, quantity, price, title;
  int is_first; /* not the same as an earlier one */
} row;

static row rows[ROWS];
static const char *const kinds[] = {"view", "buy"};

static int64_t time_of(const row *r) { return 1704067200 + (int64_t)r->hour * 3600; }

static int is_same(const row *a, const row *b) {
  return a->user == b->user && a->item == b->item && a->hour == b->hour && a->kind == b->kind &&
         a->quantity == b->quantity;
}

static void make_rows(void) {
  random_stream r = random_open(11, RANDOM_TEST, 0, 0);
  for (int i = 0; i < ROWS; i++) {
    rows[i] = (row){.user = (int)random_below(&r, USERS),
                    .item = (int)random_below(&r, ITEMS),
                    .hour = (int)random_below(&r, 400),
                    .kind = (int)random_below(&r, 2),
                    .quantity = 1 + (int)random_below(&r, 3),
                    .price = 100 + (int)random_below(&r, 5) * 25,
                    .title = (int)random_below(&r, TITLES)};
    if (random_below(&r, 10) == 0 && i > 0) rows[i] = rows[random_below(&r, (uint32_t)i)];
    rows[i].is_first = 1;
    for (int j = 0; j < i; j++)
      if (is_same(&rows[i], &rows[j])) rows[i].is_first = 0;
  }
}

/* The rows as a file, among them what must be left out or cannot be used: every 90th row each. */
static const char *write_rows(char path[600]) {
  static const char *const dirt[] = {"",
                                     "u1,i1,bad,view,1,1.00,T\n",
                                     "u1,i1,2024-01-01,stare,1,1.00,T\n",
                                     "test7,i1,2024-01-01,view,1,1.00,T\n",
                                     "u1,i1,2024-01-01,view,x,1.00,T\n",
                                     "u1,i1,2024-01-01\n",
                                     "\n"};
  static char text[ROWS * 120];
  char *at = text;
  at += sprintf(at, "user,item,time,kind,quantity,price,title\n");
  for (int i = 0; i < ROWS; i++) {
    const row *r = &rows[i];
    at += sprintf(at, "u%d,%s%d%s,2024-01-%02d %02d:00:00,%s,%d,%d.%02d,\"TITLE %d, %c\"\n", r->user, i % 2 ? "" : " ",
                  r->item, i % 3 ? "" : " ", 1 + r->hour / 24, r->hour % 24, kinds[r->kind], r->quantity,
                  r->price / 100, r->price % 100, r->item, 'A' + r->title);
    if (i % 15 == 14) at += sprintf(at, "%s", dirt[i / 15 % 7]);
  }
  return fixture_file(path, "events.csv", text);
}

static void run_all(fixture *f, const char *name, int alone, const char *extra) {
  char path[600], line[700];
  const char *const assignments[] = {fixture_path(line, "inputs.interactions.path", write_rows(path)),
                                     "job=test",
                                     "partitions.users=8",
                                     "inputs.interactions.columns.time=time",
                                     "inputs.interactions.columns.kind=kind",
                                     "inputs.interactions.columns.quantity=quantity",
                                     "inputs.interactions.columns.price=price",
                                     "inputs.interactions.columns.title=title",
                                     "inputs.interactions.exclude[0].column=user",
                                     "inputs.interactions.exclude[0].test=prefix",
                                     "inputs.interactions.exclude[0].values=bot,test",
                                     "inputs.interactions.exclude[0].reason=robots",
                                     "events.kinds[0].name=view",
                                     "events.kinds[0].weight=0.5",
                                     "events.kinds[1].name=buy",
                                     "events.kinds[1].means=bought",
                                     "events.kinds[1].weight=2",
                                     "events.half_life=5",
                                     "events.validation_share=0.2",
                                     "inputs.catalogue.capitalise=true",
                                     extra,
                                     NULL};
  fixture_open(f, name, alone, assignments);
  const status result = fixture_run(f, "ingest", ingest_run);
  if (result != STATUS_OK) fprintf(stderr, "%s\n", status_text());
  CU_ASSERT_EQUAL(result, STATUS_OK);
}

static void rows_are_accounted_for(void) {
  fixture f;
  run_all(&f, "accounts", 0, "inputs.rejects_share=0.1");
  int64_t firsts = 0;
  for (int i = 0; i < ROWS; i++) firsts += rows[i].is_first;
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_accepted"), firsts);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.duplicate"), ROWS - firsts);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.bad_time"), 9);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.unknown_kind"), 9);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "excluded.robots"), 9);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.bad_number"), 8);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.bad_count"), 8);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_read"), ROWS + 9 + 9 + 9 + 8 + 8);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "users"), USERS);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "items"), ITEMS);
  fixture_close(&f);
}

static void any_number_of_ranks_writes_the_same_bytes(void) {
  fixture together, alone;
  run_all(&together, "bytes", 0, "inputs.catalogue.categories_by_words=4");
  run_all(&alone, "bytes", 1, "inputs.catalogue.categories_by_words=4");
  CU_ASSERT_TRUE(fixture_same(&together, &alone, "ingest/items.nmt"));
  CU_ASSERT_TRUE(fixture_same_all(&together, &alone, "ingest/users", PARTITIONS));
  CU_ASSERT_TRUE(fixture_same(&together, &alone, "ingest/rejects.csv"));
  CU_ASSERT_EQUAL(fixture_number(&together, "ingest", "cut"), fixture_number(&alone, "ingest", "cut"));
  fixture_close(&together);
  fixture_close(&alone);
}

/* The item of a catalogue row, as a number; its title and price against counting. */
static int check_item(const catalogue *c, item_row item) {
  const int number = atoi(strings_at(&c->name, item));
  int votes[TITLES] = {0}, prices[201] = {0}, total = 0, best = 0, below = 0, median = -1;
  for (int i = 0; i < ROWS; i++) {
    if (rows[i].item != number) continue;
    votes[rows[i].title]++;
    prices[rows[i].price - 100]++;
    total++;
  }
  for (int t = 1; t < TITLES; t++)
    if (votes[t] > votes[best]) best = t;
  for (int p = 0; p <= 200 && median < 0; p++) {
    below += prices[p];
    if (below >= (total + 1) / 2) median = p + 100;
  }
  char title[40];
  snprintf(title, sizeof title, "Title %d, %c", number, 'A' + best);
  CU_ASSERT_STRING_EQUAL(strings_at(&c->title[LANGUAGE_EN], item), title);
  CU_ASSERT_EQUAL(c->price[item], median);
  int64_t touched = 0;
  for (int u = 0; u < USERS; u++)
    for (int i = 0, seen = 0; i < ROWS && !seen; i++)
      if (rows[i].item == number && rows[i].user == u) seen = 1, touched++;
  CU_ASSERT_EQUAL(c->users[item], touched);
  return number;
}

static void check_pair(const users *u, int64_t pair, int user, int item, int64_t now, int64_t cut) {
  double all = 0, train = 0;
  int64_t last = 0;
  unsigned meanings = 0;
  int trained = 0;
  for (int i = 0; i < ROWS; i++) {
    const row *r = &rows[i];
    if (r->user != user || r->item != item || !r->is_first) continue;
    const double weight = (r->kind ? 2 : 0.5) * pow(0.5, (double)(now - time_of(r)) / (5 * 86400.0));
    all += weight;
    meanings |= 1u << (r->kind ? EVENT_BOUGHT : EVENT_VIEWED);
    if (time_of(r) > last) last = time_of(r);
    if (time_of(r) >= cut) continue;
    train += weight;
    trained = 1;
  }
  CU_ASSERT_TRUE(suite_close((double)u->weight[pair], all, 1e-6));
  if (trained) CU_ASSERT_TRUE(suite_close((double)u->train_weight[pair], train, 1e-6));
  CU_ASSERT_EQUAL(u->fold[pair], trained ? FOLD_TRAIN : FOLD_VALIDATION);
  CU_ASSERT_EQUAL(u->meanings[pair], meanings);
  CU_ASSERT_EQUAL(u->last[pair], last);
}

/* Events of the user: as many as in the rows, in order, with what was spent. */
static void check_events(const users *u, user_row place, int user) {
  int64_t expected = 0;
  double spent = 0, found = 0;
  for (int i = 0; i < ROWS; i++) {
    if (rows[i].user != user || !rows[i].is_first) continue;
    expected++;
    spent += rows[i].price / 100.0 * rows[i].quantity;
  }
  const int64_t from = u->event_offset[place], to = u->event_offset[place + 1];
  CU_ASSERT_EQUAL(to - from, expected);
  for (int64_t i = from; i < to; i++) {
    found += (double)u->event_value[i];
    if (i == from) continue;
    const int64_t later = u->event_time[i] - u->event_time[i - 1];
    CU_ASSERT_TRUE(later > 0 || (later == 0 && (u->event_item[i] > u->event_item[i - 1] ||
                                                (u->event_item[i] == u->event_item[i - 1] &&
                                                 u->event_meaning[i] >= u->event_meaning[i - 1]))));
  }
  CU_ASSERT_TRUE(suite_close(spent, found, 1e-6));
}

static void what_is_written_is_what_the_twin_counts(void) {
  fixture f;
  arena memory = {0};
  catalogue c = {0};
  int number[ITEMS + 1] = {0};
  int64_t seen = 0;
  run_all(&f, "twin", 0, "seed=1");
  const int64_t now = fixture_number(&f, "ingest", "now"), cut = fixture_number(&f, "ingest", "cut");
  CU_ASSERT_EQUAL(fixture_catalogue(&f, &memory, &c), STATUS_OK);
  CU_ASSERT_EQUAL(c.count, ITEMS);
  for (item_row i = 0; i < c.count && i < ITEMS; i++) number[i] = check_item(&c, i);
  for (int p = 0; p < PARTITIONS; p++) {
    users u = {0};
    CU_ASSERT_EQUAL(fixture_users(&f, p, PARTITIONS, c.count, &memory, &u), STATUS_OK);
    for (user_row i = 0; i < u.count; i++, seen++) {
      const int user = atoi(strings_at(&u.name, i) + 1);
      CU_ASSERT_EQUAL(partition_of(u.id[i], PARTITIONS), p);
      check_events(&u, i, user);
      for (int64_t pair = u.offset[i]; pair < u.offset[i + 1]; pair++)
        check_pair(&u, pair, user, number[u.item[pair]], now, cut);
    }
  }
  CU_ASSERT_EQUAL(seen, USERS);
  arena_free(&memory);
  fixture_close(&f);
}

/* No other time takes a number of events that is nearer to the share asked for. */
static void the_cut_is_the_nearest_there_is(void) {
  fixture f;
  run_all(&f, "cut", 0, "seed=1");
  const int64_t cut = fixture_number(&f, "ingest", "cut");
  int64_t firsts = 0, last = 0;
  for (int i = 0; i < ROWS; i++) {
    firsts += rows[i].is_first;
    if (time_of(&rows[i]) > last) last = time_of(&rows[i]);
  }
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "now"), last + 1);
  const int64_t goal = (int64_t)(0.2 * (double)firsts + 0.5);
  int64_t nearest = INT64_MAX, chosen = 0;
  for (int hour = 0; hour <= 400; hour++) {
    int64_t count = 0, from_cut = 0;
    for (int i = 0; i < ROWS; i++) {
      count += rows[i].is_first && rows[i].hour >= hour;
      from_cut += rows[i].is_first && time_of(&rows[i]) >= cut;
    }
    if (llabs(count - goal) < nearest) nearest = llabs(count - goal);
    chosen = llabs(from_cut - goal);
  }
  CU_ASSERT_EQUAL(chosen, nearest);
  fixture_close(&f);
}

/* Two of ten are asked for: at 200 five would be taken, after it one, which is nearer. */
static void a_cut_stands_before_or_after_a_crowded_moment(void) {
  static const int64_t times[] = {100, 100, 100, 100, 100, 200, 200, 200, 200, 300};
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  ingest_event event[10] = {{0}};
  ingest_events mine = {0};
  ingest_cut cut;
  int64_t count = 0;
  const stage s = {.comm = mpi_suite_comm};
  for (int i = 0; i < 10; i++)
    if (i % size == rank) ingest_event_set(&event[count++], times[i], 0, 0, 0, INGEST_KEPT);
  mine.bucket[rank] = (ingest_bucket){.event = event, .count = count / 2};
  mine.bucket[rank + 1] = (ingest_bucket){.event = event + count / 2, .count = count - count / 2};
  ingest_cut_find(&s, 1, 0.2, &mine, &cut);
  CU_ASSERT_EQUAL(cut.events, 10);
  CU_ASSERT_EQUAL(cut.now, 301);
  CU_ASSERT_EQUAL(cut.time, 201);
  CU_ASSERT_TRUE(cut.share <= 0);
}

int main(int argc, char **argv) {
  make_rows();
  const suite_test tests[] = {
      TEST(rows_are_accounted_for),
      TEST(any_number_of_ranks_writes_the_same_bytes),
      TEST(what_is_written_is_what_the_twin_counts),
      TEST(the_cut_is_the_nearest_there_is),
      TEST(a_cut_stands_before_or_after_a_crowded_moment),
  };
  return MPI_SUITE_RUN(argc, argv, "ingest", tests);
}
