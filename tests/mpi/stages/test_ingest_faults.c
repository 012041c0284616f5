/* Bad input: one clear sentence, the same on all ranks, the exit code of the design, no rank left waiting. */
#include "stages/ingest.h"
#include "support/stage_fixture.h"

enum { EXTRA = 8 };

static const char good[] =
    "user,item,time,weight,title,price\n"
    "u1,a,2024-01-01,1,Red cup,1.50\nu2,b,2024-01-02,1,Blue cup,2.50\n"
    "u1,b,2024-01-03,1,Blue cup,2.50\nu3,a,2024-01-04,1,Red cup,1.50\n";

/* Runs ingest over these events with extra settings; the result must be this status, and the sentence hold `part`. */
static void expect(const char *events, const char *const *extra, status kind, const char *part) {
  static int number;
  char path[600], line[700], name[32];
  const char *assignments[16 + EXTRA] = {"job=test",
                                         "partitions.users=4",
                                         "inputs.interactions.columns.time=time",
                                         "inputs.interactions.columns.weight=weight",
                                         "inputs.interactions.columns.title=title",
                                         "inputs.interactions.columns.price=price"};
  int count = 6;
  if (events != NULL) fixture_file(path, "faulty.csv", events);
  assignments[count++] = fixture_path(line, "inputs.interactions.path", events != NULL ? path : "/nowhere/events.csv");
  for (; extra != NULL && *extra != NULL; extra++) assignments[count++] = *extra;
  snprintf(name, sizeof name, "fault-%d", number++);
  fixture f;
  fixture_open(&f, name, 0, assignments);
  const status result = fixture_run(&f, "ingest", ingest_run);
  CU_ASSERT_EQUAL(result, kind);
  if (kind != STATUS_OK) {
    if (strstr(status_text(), part) == NULL) fprintf(stderr, "'%s' is not in '%s'\n", part, status_text());
    CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), part));
    CU_ASSERT_PTR_NULL(strchr(status_text(), '\n'));
    CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_read"), -1);
  }
  fixture_close(&f);
}
#define EXPECT(events, kind, part, ...) expect((events), (const char *const[]){__VA_ARGS__, NULL}, (kind), (part))

static void good_rows_pass(void) { EXPECT(good, STATUS_OK, "", "seed=1"); }

static void files_that_are_not_there_are_missing(void) {
  EXPECT(NULL, STATUS_MISSING, "/nowhere/events.csv", "seed=1");
  EXPECT(good, STATUS_MISSING, "/nowhere/items.csv", "inputs.catalogue.path=/nowhere/items.csv");
  EXPECT(good, STATUS_MISSING, "/nowhere/users.csv", "inputs.users.path=/nowhere/users.csv");
  EXPECT(good, STATUS_MISSING, "/nowhere/stop.txt", "inputs.suppression.path=/nowhere/stop.txt");
}

static void an_empty_file_is_bad_data(void) {
  char path[600], line[700];
  EXPECT("", STATUS_DATA, "faulty.csv: is empty", "seed=1");
  EXPECT("user,item,time,weight,title,price\n", STATUS_DATA, "none of its 0 rows", "seed=1");
  fixture_file(path, "nobody.txt", "");
  EXPECT(good, STATUS_DATA, "nobody.txt: is empty", fixture_path(line, "inputs.suppression.path", path));
}

static void a_missing_column_is_named_with_those_that_are_there(void) {
  EXPECT(good, STATUS_DATA, "no column 'customer' (inputs.interactions.columns.user)",
         "inputs.interactions.columns.user=customer");
  EXPECT(good, STATUS_DATA, "user, item, time", "inputs.interactions.columns.kind=verb", "events.kinds[0].name=x");
  EXPECT(good, STATUS_DATA, "no column 'country' (inputs.interactions.exclude[].column)",
         "inputs.interactions.exclude[0].column=country", "inputs.interactions.exclude[0].test=empty",
         "inputs.interactions.exclude[0].reason=abroad");
}

static void rows_that_cannot_be_used_stop_the_job_past_their_share(void) {
  const char head[] = "user,item,time,weight,title,price\nu1,a,2024-01-01,1,Cup,1\nu2,a,2024-01-02,1,Cup,1\n";
  static const struct {
    const char *row, *reason;
  } cases[] = {{"u1,a,\"2024-01-03,1,Cup,1", "bad_quote"},
               {"u1,a,2024-01-03,1,C\xFFp,1", "bad_encoding"},
               {"u1,a,2024-01-03,-1,Cup,1", "negative_weight"},
               {"u1,a,31.1.2024,1,Cup,1", "bad_time"},
               {"u1,a,2024-01-03,one,Cup,1", "bad_number"},
               {"u1,a,2024-01-03,2e9,Cup,1", "bad_number"},
               {"u1,a,2024-01-03,1,Cup", "bad_count"},
               {",a,2024-01-03,1,Cup,1", "no_user"},
               {"u1,,2024-01-03,1,Cup,1", "no_item"},
               {"u1,a,2024-01-03,1,Cup,-1", "bad_number"},
               {"u1,c,2024-01-03,1,,1", "no_title"},
               {"u1,a,2300-01-03,1,Cup,1", "bad_time"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char events[1000], part[100];
    snprintf(events, sizeof events, "%s%s\n", head, cases[i].row);
    snprintf(part, sizeof part, "1 of 3 rows cannot be used (inputs.rejects_share allows 5 %%), most of them for %s",
             cases[i].reason);
    EXPECT(events, STATUS_DATA, part, "seed=1");
    EXPECT(events, STATUS_OK, "", "inputs.rejects_share=0.5");
  }
}

static void a_catalogue_must_hold_titles(void) {
  char path[600], line[700];
  fixture_file(path, "items.csv", "item,name\na,Cup\nb, \nc,Pot\n");
  fixture_path(line, "inputs.catalogue.path", path);
  EXPECT(good, STATUS_DATA, "items.csv: 1 of 3 rows cannot be used", line, "inputs.catalogue.columns.title=name");
  EXPECT(good, STATUS_DATA, "most of them for unknown_item (2)", line, "inputs.catalogue.columns.title=name",
         "inputs.rejects_share=0.4", "inputs.interactions.exclude[0].column=user",
         "inputs.interactions.exclude[0].test=equals", "inputs.interactions.exclude[0].values=u3",
         "inputs.interactions.exclude[0].reason=gone");
  EXPECT(good, STATUS_SETTINGS, "name no column at all", line);
  EXPECT(good, STATUS_DATA, "no column 'genre' (inputs.catalogue.flags)", line, "inputs.catalogue.columns.title=name",
         "inputs.catalogue.flags=genre");
}

static void a_suppression_list_that_cannot_be_read_stops_the_job(void) {
  char path[600], line[700];
  fixture_file(path, "stop.txt", "u1\nu\xFF\n");
  EXPECT(good, STATUS_DATA, "stop.txt:2: this line of the suppression list",
         fixture_path(line, "inputs.suppression.path", path));
}

static void settings_that_contradict_each_other_are_refused(void) {
  EXPECT(good, STATUS_SETTINGS, "als.feedback", "als.feedback=explicit");
  EXPECT(good, STATUS_SETTINGS, "events.kinds", "inputs.interactions.columns.kind=weight");
  EXPECT(good, STATUS_SETTINGS, "time_format", "inputs.interactions.time_format=%Q");
  EXPECT(good, STATUS_SETTINGS, "not a number to compare with", "inputs.interactions.exclude[0].column=price",
         "inputs.interactions.exclude[0].test=below", "inputs.interactions.exclude[0].values=cheap",
         "inputs.interactions.exclude[0].reason=cheap");
  EXPECT(good, STATUS_SETTINGS, "at least one value", "inputs.interactions.exclude[0].column=price",
         "inputs.interactions.exclude[0].test=prefix", "inputs.interactions.exclude[0].reason=cheap");
}

static void a_file_cut_short_is_bad_data(void) {
  /* The first 40 bytes of a zstd frame of 128 KiB. */
  static const unsigned char cut[] = {0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0x00, 0x00, 0x02, 0x00, 0x54,
                                      0x00, 0x00, 0x10, 0x61, 0x61, 0x01, 0x00, 0xFB, 0xFF, 0x39};
  char path[600], line[700];
  snprintf(path, sizeof path, "%s/cut.csv.zst", mpi_suite_folder());
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(file_write(path, cut, sizeof cut), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  EXPECT(good, STATUS_DATA, "cut.csv.zst", fixture_path(line, "inputs.users.path", path));
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(good_rows_pass),
      TEST(files_that_are_not_there_are_missing),
      TEST(an_empty_file_is_bad_data),
      TEST(a_missing_column_is_named_with_those_that_are_there),
      TEST(rows_that_cannot_be_used_stop_the_job_past_their_share),
      TEST(a_catalogue_must_hold_titles),
      TEST(a_suppression_list_that_cannot_be_read_stops_the_job),
      TEST(settings_that_contradict_each_other_are_refused),
      TEST(a_file_cut_short_is_bad_data),
  };
  return MPI_SUITE_RUN(argc, argv, "ingest faults", tests);
}
