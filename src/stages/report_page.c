#include "stages/report_page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Makes room for `more` bytes and a NUL. */
static int has_room(report_page *p, int64_t more) {
  if (p->failed != STATUS_OK) return 0;
  if (p->used + more < p->capacity) return 1;
  const int64_t capacity = 2 * (p->used + more) + 65536;
  char *bytes = NULL;
  p->failed = ARENA(p->arena, capacity, &bytes);
  if (p->failed != STATUS_OK) return 0;
  if (p->used > 0) memcpy(bytes, p->bytes, (size_t)p->used);
  p->bytes = bytes;
  p->capacity = capacity;
  return 1;
}

static void put_bytes(report_page *p, const char *bytes, size_t count) {
  if (!has_room(p, (int64_t)count)) return;
  memcpy(p->bytes + p->used, bytes, count);
  p->used += (int64_t)count;
  p->bytes[p->used] = '\0';
}

void report_page_put(report_page *p, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length >= 0 && has_room(p, length)) {
    vsnprintf(p->bytes + p->used, (size_t)length + 1, format, again);
    p->used += length;
  }
  va_end(again);
}

void report_page_text(report_page *p, const char *text) {
  for (const char *rest = text; *rest != '\0';) {
    const size_t plain = strcspn(rest, "&<>\"'");
    put_bytes(p, rest, plain);
    rest += plain;
    if (*rest == '\0') return;
    const char *const escaped = *rest == '&'   ? "&amp;"
                                : *rest == '<' ? "&lt;"
                                : *rest == '>' ? "&gt;"
                                : *rest == '"' ? "&quot;"
                                               : "&#39;";
    put_bytes(p, escaped, strlen(escaped));
    rest++;
  }
}

void report_page_count(report_page *p, int64_t value) {
  char plain[32];
  const int length = snprintf(plain, sizeof plain, "%" PRId64, value);
  for (int i = 0; i < length; i++) {
    if (i > 0 && plain[i - 1] != '-' && (length - i) % 3 == 0) put_bytes(p, ",", 1);
    put_bytes(p, &plain[i], 1);
  }
}

void report_page_bytes(report_page *p, double bytes) {
  static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  int unit = 0;
  for (; bytes >= 1024 && unit < 4; unit++) bytes /= 1024;
  report_page_put(p, bytes < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

void report_page_seconds(report_page *p, double seconds) {
  if (seconds < 60)
    report_page_put(p, "%.1f s", seconds);
  else if (seconds < 3600)
    report_page_put(p, "%d min %02d s", (int)seconds / 60, (int)seconds % 60);
  else
    report_page_put(p, "%d h %02d min", (int)(seconds / 3600), (int)(seconds / 60) % 60);
}

void report_page_section(report_page *p, const char *anchor, const char *title) {
  report_page_put(p, "<section id=\"%s\"><h2>", anchor);
  report_page_text(p, title);
  report_page_put(p, "</h2>\n");
}

void report_page_end(report_page *p) { report_page_put(p, "</section>\n"); }

void report_page_tile(report_page *p, const char *caption, const char *number) {
  report_page_put(p, "<div class=\"tile\"><b>");
  report_page_text(p, number);
  report_page_put(p, "</b><span>");
  report_page_text(p, caption);
  report_page_put(p, "</span></div>\n");
}

void report_page_bar(report_page *p, const char *name, int64_t value, int64_t total) {
  const double share = total > 0 ? (double)value / (double)total : 0;
  report_page_put(p, "<div class=\"bar\"><span class=\"name\">");
  report_page_text(p, name);
  report_page_put(p, "</span><span class=\"track\"><i style=\"width:%.2f%%\"></i></span><span class=\"value\">",
                  100 * share);
  report_page_count(p, value);
  report_page_put(p, " <small>%.1f %%</small></span></div>\n", 100 * share);
}
