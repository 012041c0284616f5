#include "stages/report.h"

#include "io/file.h"
#include "stages/report_models.h"
#include "stages/report_night.h"
#include "stages/report_page.h"
#include "stages/report_style.h"
#include "stages/report_texts.h"
#include "stages/report_volume.h"

static void compose(report_page *p, const report_night *n) {
  report_page_put(p,
                  "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
  report_page_text(p, n->manifest.job);
  report_page_put(p, ", ");
  report_page_text(p, n->manifest.night);
  report_page_put(p, "</title><style>%s</style></head>\n<body><main>\n", report_style);
  report_volume_head(p, n);
  report_volume_flow(p, n);
  report_volume_messages(p, n);
  report_texts_sample(p, n);
  report_texts_rules(p, n);
  report_models_recommender(p, n);
  report_models_writer(p, n);
  report_volume_items(p, n);
  report_volume_machine(p, n);
  report_texts_limits(p, n);
  report_page_put(p, "</main></body></html>\n");
}

/* Local, on rank 0. */
static status write_report(const stage *s) {
  report_night *n = NULL;
  char *path = NULL;
  report_page page = {.arena = s->arena};
  TRY(ARENA(s->arena, 1, &n));
  TRY(report_night_load(s, n));
  compose(&page, n);
  TRY(page.failed);
  TRY(arena_print(s->arena, &path, "%s/report.html", s->run));
  return file_write(path, page.bytes, (size_t)page.used);
}

status report_run(stage *s) {
  TRY_ALL(s->comm, s->comm->rank == 0 ? write_report(s) : STATUS_OK);
  return stage_commit(s);
}
