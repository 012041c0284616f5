/* A page of HTML being written into an arena. What comes from outside goes through report_page_text, which escapes it.
 * A failed request for memory is remembered in `failed`; nothing is written after it. */
#ifndef STAGES_REPORT_PAGE_H
#define STAGES_REPORT_PAGE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct report_page {
  arena *arena;
  char *bytes; /* NUL-terminated */
  int64_t used, capacity;
  status failed;
} report_page;

/* Markup as it is, printf format; arguments must be numbers or text of our own. */
void report_page_put(report_page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text with & < > " ' escaped. */
void report_page_text(report_page *p, const char *text);

/* 1234567 as "1,234,567". */
void report_page_count(report_page *p, int64_t value);

/* "3.2 GiB" and "1 h 05 min", "12.4 s". */
void report_page_bytes(report_page *p, double bytes);
void report_page_seconds(report_page *p, double seconds);

/* A section with an anchor; ended by report_page_end. */
void report_page_section(report_page *p, const char *anchor, const char *title);
void report_page_end(report_page *p);

/* A large number with a caption. */
void report_page_tile(report_page *p, const char *caption, const char *number);

/* A horizontal bar of `value` in `total`, with its name, count and share. */
void report_page_bar(report_page *p, const char *name, int64_t value, int64_t total);

#endif
