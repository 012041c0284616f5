#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char sentence[STATUS_TEXT_SIZE];

status status_fail(status kind, const char *format, ...) {
  /* Through a second buffer, since an argument may be the old sentence itself. */
  char text[STATUS_TEXT_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  memcpy(sentence, text, sizeof sentence);
  return kind;
}

void status_add(const char *format, ...) {
  size_t used = strlen(sentence);
  if (used > 0 && used + 1 < sizeof sentence) {
    sentence[used++] = '\n';
    sentence[used] = '\0';
  }
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence + used, sizeof sentence - used, format, arguments);
  va_end(arguments);
}

const char *status_text(void) { return sentence; }

void status_set_text(const char *text) { snprintf(sentence, sizeof sentence, "%s", text); }

const char *status_kind(status s) {
  switch (s) {
    case STATUS_OK: return "ok";
    case STATUS_USAGE: return "usage";
    case STATUS_DATA: return "bad data";
    case STATUS_MISSING: return "missing";
    case STATUS_BUG: return "internal";
    case STATUS_IO: return "input/output";
    case STATUS_AGAIN: return "again";
    case STATUS_PERMISSION: return "permission";
    case STATUS_SETTINGS: return "settings";
  }
  return "internal";
}
