/* The parts of the morning's page. The whole page is tested with the night that it shows, in test_generate.c. */
#include <math.h>
#include <string.h>

#include "stages/report_page.h"
#include "stages/report_svg.h"
#include "support/mpi_suite.h"

static arena memory;

static report_page fresh(void) {
  arena_free(&memory);
  return (report_page){.arena = &memory};
}

static void text_from_outside_is_escaped(void) {
  report_page p = fresh();
  report_page_text(&p, "<script>\"a\" & 'b'</script> 你好");
  CU_ASSERT_STRING_EQUAL(p.bytes, "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt; 你好");
}

static void numbers_are_written_for_people(void) {
  report_page p = fresh();
  report_page_count(&p, 1234567);
  report_page_put(&p, "|");
  report_page_count(&p, -1000);
  report_page_put(&p, "|");
  report_page_count(&p, 0);
  report_page_put(&p, "|");
  report_page_bytes(&p, 3.25 * 1024 * 1024);
  report_page_put(&p, "|");
  report_page_bytes(&p, 512);
  report_page_put(&p, "|");
  report_page_seconds(&p, 12.34);
  report_page_put(&p, "|");
  report_page_seconds(&p, 125);
  report_page_put(&p, "|");
  report_page_seconds(&p, 2 * 3600 + 61);
  CU_ASSERT_STRING_EQUAL(p.bytes, "1,234,567|-1,000|0|3.2 MiB|512 bytes|12.3 s|2 min 05 s|2 h 01 min");
}

static void a_long_page_keeps_every_byte(void) {
  report_page p = fresh();
  for (int i = 0; i < 50000; i++) report_page_put(&p, "%05d", i);
  CU_ASSERT_EQUAL(p.used, 250000);
  CU_ASSERT_EQUAL((int64_t)strlen(p.bytes), p.used);
  CU_ASSERT(memcmp(p.bytes + 5 * 31415, "31415", 5) == 0);
}

static void memory_that_runs_out_is_remembered(void) {
  report_page p = fresh();
  arena_fail_after(0);
  report_page_put(&p, "lost");
  arena_fail_after(-1);
  report_page_text(&p, "also lost");
  CU_ASSERT_EQUAL(p.failed, STATUS_BUG);
  CU_ASSERT_EQUAL(p.used, 0);
}

static void steps_are_round(void) {
  CU_ASSERT_DOUBLE_EQUAL(report_svg_step(10, 5), 2, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(report_svg_step(0.09, 5), 0.02, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(report_svg_step(2300, 5), 500, 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(report_svg_step(45, 5), 10, 1e-12);
}

static void a_chart_shows_its_curves_and_levels(void) {
  const double x[] = {1, 2, 3, 4}, y[] = {0.1, NAN, 0.3, 0.25}, none[] = {NAN, NAN, NAN, NAN};
  report_page p = fresh();
  report_chart c = {.title = "Recall & more", .x_name = "sweep", .series_count = 1, .level_count = 1};
  c.series[0] = (report_series){.name = "recall@20", .count = 4, .x = x, .y = y};
  c.level[0] = (report_level){.name = "popularity", .y = 0.05};
  report_svg_lines(&p, &c);
  CU_ASSERT_PTR_NOT_NULL(strstr(p.bytes, "Recall &amp; more"));
  CU_ASSERT_PTR_NOT_NULL(strstr(p.bytes, "popularity 0.05"));
  CU_ASSERT_PTR_NOT_NULL(strstr(p.bytes, "class=\"line s0\""));
  CU_ASSERT_PTR_NULL(strstr(p.bytes, "nan"));
  const char *path = strstr(p.bytes, " d=\"");
  CU_ASSERT_PTR_NOT_NULL(path);
  /* The gap begins a new stroke. */
  int strokes = 0;
  for (const char *at = path + 4; path != NULL && *at != '"'; at++) strokes += *at == 'M';
  CU_ASSERT_EQUAL(strokes, 2);
  p = fresh();
  c.series[0].y = none;
  report_svg_lines(&p, &c);
  CU_ASSERT_EQUAL(p.used, 0);
}

int main(int argc, char **argv) {
  static const suite_test tests[] = {
      TEST(text_from_outside_is_escaped),
      TEST(numbers_are_written_for_people),
      TEST(a_long_page_keeps_every_byte),
      TEST(memory_that_runs_out_is_remembered),
      TEST(steps_are_round),
      TEST(a_chart_shows_its_curves_and_levels),
  };
  const int code = MPI_SUITE_RUN(argc, argv, "report", tests);
  arena_free(&memory);
  return code;
}
