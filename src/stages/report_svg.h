/* Line charts as inline SVG that takes its colours from the page. */
#ifndef STAGES_REPORT_SVG_H
#define STAGES_REPORT_SVG_H

#include "stages/report_page.h"

enum { REPORT_SVG_SERIES_MOST = 4 };

typedef struct report_series {
  const char *name;
  int count;
  const double *x, *y; /* [count], x ascending; a y that is not finite leaves a gap */
} report_series;

/* A level that a curve is held against, such as the popularity baseline. */
typedef struct report_level {
  const char *name;
  double y;
} report_level;

typedef struct report_chart {
  const char *title, *x_name;
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
