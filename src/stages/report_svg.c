#include "stages/report_svg.h"

#include <math.h>

/* The drawing, in units of the viewBox; it grows and shrinks with the page. */
enum { WIDTH = 640, HEIGHT = 260, LEFT = 56, RIGHT = 16, TOP = 12, BOTTOM = 40, TICKS = 5 };

typedef struct range {
  double low, high, step;
} range;

double report_svg_step(double span, int most) {
  const double rough = span / most, power = pow(10, floor(log10(rough)));
  const double lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static void widen(range *r, double value) {
  if (!isfinite(value)) return;
  r->low = fmin(r->low, value);
  r->high = fmax(r->high, value);
}

/* Out to round ends. */
static void settle(range *r) {
  if (r->high - r->low < 1e-12) {
    r->low -= 0.5;
    r->high += 0.5;
  }
  r->step = report_svg_step(r->high - r->low, TICKS);
  r->low = floor(r->low / r->step) * r->step;
  r->high = ceil(r->high / r->step) * r->step;
}

static double x_at(const range *r, double x) {
  return LEFT + (x - r->low) / (r->high - r->low) * (WIDTH - LEFT - RIGHT);
}

static double y_at(const range *r, double y) {
  return HEIGHT - BOTTOM - (y - r->low) / (r->high - r->low) * (HEIGHT - TOP - BOTTOM);
}

static void draw_axes(report_page *p, const range *x, const range *y, const char *x_name) {
  for (int i = 0; y->low + i * y->step <= y->high + y->step / 2; i++) {
    const double value = y->low + i * y->step, at = y_at(y, value);
    report_page_put(p, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, at,
                    at);
    report_page_put(p, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n", LEFT - 8, at + 4,
                    fabs(value) < y->step / 2 ? 0.0 : value);
  }
  for (int i = 0; x->low + i * x->step <= x->high + x->step / 2; i++)
    report_page_put(p, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>", x_at(x, x->low + i * x->step),
                    HEIGHT - BOTTOM + 18, x->low + i * x->step);
  report_page_put(p, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", WIDTH - RIGHT, HEIGHT - 4);
  report_page_text(p, x_name);
  report_page_put(p, "</text>\n");
}

static void draw_series(report_page *p, const report_series *s, int index, const range *x, const range *y) {
  report_page_put(p, "<path class=\"line s%d\" d=\"", index);
  int pen = 0;
  for (int i = 0; i < s->count; i++) {
    if (!isfinite(s->x[i]) || !isfinite(s->y[i])) {
      pen = 0;
      continue;
    }
    report_page_put(p, "%s%.1f %.1f", pen ? "L" : "M", x_at(x, s->x[i]), y_at(y, s->y[i]));
    pen = 1;
  }
  report_page_put(p, "\"/>");
  for (int i = 0; i < s->count && s->count <= 40; i++)
    if (isfinite(s->x[i]) && isfinite(s->y[i]))
      report_page_put(p, "<circle class=\"s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>", index, x_at(x, s->x[i]),
                      y_at(y, s->y[i]));
  report_page_put(p, "\n");
}

static void draw_legend(report_page *p, const report_chart *c) {
  report_page_put(p, "<figcaption>");
  report_page_text(p, c->title);
  for (int i = 0; i < c->series_count; i++) {
    report_page_put(p, " <span class=\"key s%d\">", i);
    report_page_text(p, c->series[i].name);
    report_page_put(p, "</span>");
  }
  for (int i = 0; i < c->level_count; i++) {
    if (!isfinite(c->level[i].y)) continue;
    report_page_put(p, " <span class=\"key level\">");
    report_page_text(p, c->level[i].name);
    report_page_put(p, " %.4g</span>", c->level[i].y);
  }
  report_page_put(p, "</figcaption>");
}

void report_svg_lines(report_page *p, const report_chart *c) {
  range x = {INFINITY, -INFINITY, 0}, y = {INFINITY, -INFINITY, 0};
  for (int s = 0; s < c->series_count; s++)
    for (int i = 0; i < c->series[s].count; i++) {
      if (!isfinite(c->series[s].x[i]) || !isfinite(c->series[s].y[i])) continue;
      widen(&x, c->series[s].x[i]);
      widen(&y, c->series[s].y[i]);
    }
  if (!isfinite(x.low)) return;
  for (int i = 0; i < c->level_count; i++) widen(&y, c->level[i].y);
  settle(&x);
  settle(&y);
  report_page_put(p, "<figure>");
  draw_legend(p, c);
  report_page_put(p, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT);
  report_page_text(p, c->title);
  report_page_put(p, "\">\n");
  draw_axes(p, &x, &y, c->x_name);
  for (int i = 0; i < c->level_count; i++)
    if (isfinite(c->level[i].y))
      report_page_put(p, "<line class=\"level\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT,
                      y_at(&y, c->level[i].y), y_at(&y, c->level[i].y));
  for (int i = 0; i < c->series_count; i++) draw_series(p, &c->series[i], i, &x, &y);
  report_page_put(p, "</svg></figure>\n");
}
