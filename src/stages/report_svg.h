/* Line charts as inline SVG that takes its colours from the page. */
#ifndef STAGES_REPORT_SVG_H
#define STAGES_REPORT_SVG_H

#include "stages/report_page.h"

enum { REPORT_SVG_SERIES_MOST = 8 };

typedef struct report_series {
  const char *name;
  int count;
  const double *x, *y;      /* [count], x ascending; a y that is not finite leaves a gap */
  const double *low, *high; /* [count]: error bars; NULL: none */
  int is_dashed;            /* calculated, not measured */
} report_series;

/* A level that a curve is held against, such as the popularity baseline. */
typedef struct report_level {
  const char *name;
  double y;
} report_level;

typedef struct report_chart {
  const char *title, *x_name;
  int is_log_x, is_log_y; /* powers of 2; of 10. Values that are not positive leave gaps */
  int is_from_zero;       /* y begins at 0 */
  report_series series[REPORT_SVG_SERIES_MOST];
  int series_count;
  report_level level[REPORT_SVG_SERIES_MOST];
  int level_count;
} report_chart;

/* Draws the chart with axes, round ticks and a legend. Nothing where there is no finite point. */
void report_svg_lines(report_page *p, const report_chart *c);

/* A round step (1, 2 or 5 times a power of ten) that cuts `span` > 0 into at most `most` parts. */
double report_svg_step(double span, int most);

#endif
