#include "stages/scaling_csv.h"

#include <math.h>

#include "io/file.h"
#include "stages/report_page.h"

static void put_run(report_page *p, scaling_kind kind, const scaling_run *run) {
  for (int row = 0; row < SCALING_ROWS; row++) {
    report_page_put(p, "%s,%d,%d,%d,%s", scaling_kind_name[kind], run->ranks, run->nodes, run->repeat,
                    scaling_row_name[row]);
    for (int m = 0; m < SCALING_MEASURES; m++)
      if (isfinite(run->value[row][m]))
        report_page_put(p, m >= SCALING_SENT ? ",%.0f" : ",%.6f", run->value[row][m]);
      else
        report_page_put(p, ",");
    report_page_put(p, "\n");
  }
}

status scaling_csv_write(const char *path, const scaling_series series[SCALING_KINDS], arena *a) {
  report_page p = {.arena = a};
  report_page_put(&p, "series,ranks,nodes,repeat,stage");
  for (int m = 0; m < SCALING_MEASURES; m++) report_page_put(&p, ",%s", scaling_measure_name[m]);
  report_page_put(&p, "\n");
  for (int k = 0; k < SCALING_KINDS; k++)
    for (int i = 0; i < series[k].run_count; i++)
      if (series[k].run[i].is_whole) put_run(&p, (scaling_kind)k, &series[k].run[i]);
  TRY(p.failed);
  return file_write(path, p.bytes, (size_t)p.used);
}
