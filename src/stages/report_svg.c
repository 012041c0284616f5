#include "stages/report_svg.h"

#include <math.h>

/* The drawing, in units of the viewBox; it grows and shrinks with the page. */
enum { WIDTH = 640, HEIGHT = 260, LEFT = 56, RIGHT = 16, TOP = 12, BOTTOM = 40, TICKS = 5, LOG_TICKS = 12 };

/* An axis: numbered ticks, of which `first` and `last` are its ends. */
typedef struct range {
  enum { LINEAR, POWERS_OF_2, DECADES, THIRDS /* 1, 2, 5, 10, 20, … */ } scale;
  double low, high; /* as places, see place_of */
  double step;
  int first, last;
} range;

double report_svg_step(double span, int most) {
  const double rough = span / most, power = pow(10, floor(log10(rough)));
  const double lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static int is_drawn(const range *r, double value) { return isfinite(value) && (r->scale == LINEAR || value > 0); }

/* Where a value stands on an axis: linear in the drawing. */
static double place_of(const range *r, double value) {
  return r->scale == LINEAR ? value : r->scale == POWERS_OF_2 ? log2(value) : log10(value);
}

static double tick_value(const range *r, int i) {
  if (r->scale == LINEAR) return i * r->step;
  if (r->scale == POWERS_OF_2) return exp2(i * r->step);
  if (r->scale == DECADES) return pow(10, i * r->step);
  const int power = (int)floor(i / 3.0);
  return pow(10, power) * (i - 3 * power == 0 ? 1 : i - 3 * power == 1 ? 2 : 5);
}

static void widen(range *r, double value) {
  if (!is_drawn(r, value)) return;
  r->low = fmin(r->low, place_of(r, value));
  r->high = fmax(r->high, place_of(r, value));
}

/* Out to round ends. */
static void settle(range *r) {
  if (r->high - r->low < 1e-12) {
    r->low -= 0.5;
    r->high += 0.5;
  }
  if (r->scale == DECADES && r->high - r->low < 2) r->scale = THIRDS;
  r->step = r->scale == LINEAR ? report_svg_step(r->high - r->low, TICKS) : ceil((r->high - r->low) / LOG_TICKS);
  const double unit = r->scale == THIRDS ? 1.0 / 3 : r->step;
  r->first = (int)floor(r->low / unit) - 1;
  while (place_of(r, tick_value(r, r->first + 1)) <= r->low + 1e-9 * unit) r->first++;
  r->last = r->first + 1;
  while (place_of(r, tick_value(r, r->last)) < r->high - 1e-9 * unit) r->last++;
  r->low = place_of(r, tick_value(r, r->first));
  r->high = place_of(r, tick_value(r, r->last));
}

static double x_at(const range *r, double x) {
  return LEFT + (place_of(r, x) - r->low) / (r->high - r->low) * (WIDTH - LEFT - RIGHT);
}

static double y_at(const range *r, double y) {
  return HEIGHT - BOTTOM - (place_of(r, y) - r->low) / (r->high - r->low) * (HEIGHT - TOP - BOTTOM);
}

static void draw_axes(report_page *p, const range *x, const range *y, const char *x_name) {
  for (int i = y->first; i <= y->last; i++) {
    const double value = tick_value(y, i), at = y_at(y, value);
    report_page_put(p, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, at,
                    at);
    report_page_put(p, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n", LEFT - 8, at + 4,
                    fabs(value) < y->step / 2 && y->scale == LINEAR ? 0.0 : value);
  }
  for (int i = x->first; i <= x->last; i++)
    report_page_put(p, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>", x_at(x, tick_value(x, i)),
                    HEIGHT - BOTTOM + 18, tick_value(x, i));
  report_page_put(p, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", WIDTH - RIGHT, HEIGHT - 4);
  report_page_text(p, x_name);
  report_page_put(p, "</text>\n");
}

static void draw_bars(report_page *p, const report_series *s, int index, const range *x, const range *y) {
  for (int i = 0; i < s->count && s->low != NULL; i++)
    if (is_drawn(x, s->x[i]) && is_drawn(y, s->low[i]) && is_drawn(y, s->high[i]))
      report_page_put(p, "<path class=\"line s%d\" d=\"M%.1f %.1fV%.1fm-4 0h8m-8 %.1fh8\"/>", index, x_at(x, s->x[i]),
                      y_at(y, s->low[i]), y_at(y, s->high[i]), y_at(y, s->low[i]) - y_at(y, s->high[i]));
}

static void draw_series(report_page *p, const report_series *s, int index, const range *x, const range *y) {
  report_page_put(p, "<path class=\"line s%d%s\" d=\"", index, s->is_dashed ? " dashed" : "");
  int pen = 0;
  for (int i = 0; i < s->count; i++) {
    if (!is_drawn(x, s->x[i]) || !is_drawn(y, s->y[i])) {
      pen = 0;
      continue;
    }
    report_page_put(p, "%s%.1f %.1f", pen ? "L" : "M", x_at(x, s->x[i]), y_at(y, s->y[i]));
    pen = 1;
  }
  report_page_put(p, "\"/>");
  for (int i = 0; i < s->count && s->count <= 40 && !s->is_dashed; i++)
    if (is_drawn(x, s->x[i]) && is_drawn(y, s->y[i]))
      report_page_put(p, "<circle class=\"s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>", index, x_at(x, s->x[i]),
                      y_at(y, s->y[i]));
  draw_bars(p, s, index, x, y);
  report_page_put(p, "\n");
}

static void draw_legend(report_page *p, const report_chart *c) {
  report_page_put(p, "<figcaption>");
  report_page_text(p, c->title);
  for (int i = 0; i < c->series_count; i++) {
    report_page_put(p, " <span class=\"key s%d%s\">", i, c->series[i].is_dashed ? " dashed" : "");
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

/* Both axes wide enough for all points that are drawn. 0 where there is none. */
static int fit(const report_chart *c, range *x, range *y) {
  for (int s = 0; s < c->series_count; s++)
    for (int i = 0; i < c->series[s].count; i++) {
      const report_series *one = &c->series[s];
      if (!is_drawn(x, one->x[i]) || !is_drawn(y, one->y[i])) continue;
      widen(x, one->x[i]);
      widen(y, one->y[i]);
      if (one->low == NULL) continue;
      widen(y, one->low[i]);
      widen(y, one->high[i]);
    }
  return isfinite(x->low);
}

void report_svg_lines(report_page *p, const report_chart *c) {
  range x = {c->is_log_x ? POWERS_OF_2 : LINEAR, INFINITY, -INFINITY, 0, 0, 0};
  range y = {c->is_log_y ? DECADES : LINEAR, INFINITY, -INFINITY, 0, 0, 0};
  if (!fit(c, &x, &y)) return;
  for (int i = 0; i < c->level_count; i++) widen(&y, c->level[i].y);
  if (c->is_from_zero) widen(&y, 0);
  settle(&x);
  settle(&y);
  report_page_put(p, "<figure>");
  draw_legend(p, c);
  report_page_put(p, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT);
  report_page_text(p, c->title);
  report_page_put(p, "\">\n");
  draw_axes(p, &x, &y, c->x_name);
  for (int i = 0; i < c->level_count; i++)
    if (is_drawn(&y, c->level[i].y))
      report_page_put(p, "<line class=\"level\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT,
                      y_at(&y, c->level[i].y), y_at(&y, c->level[i].y));
  for (int i = 0; i < c->series_count; i++) draw_series(p, &c->series[i], i, &x, &y);
  report_page_put(p, "</svg></figure>\n");
}
