#include "cli/cell.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "text/width.h"

/* Bytes of a control character at `text`, or 0: C0, DEL, and the C1 controls, which UTF-8 writes as C2 80 to C2 9F. */
static int control(const char *text) {
  const unsigned char *b = (const unsigned char *)text;
  if (b[0] < 0x20 || b[0] == 0x7F) return 1;
  return b[0] == 0xC2 && b[1] < 0xA0 ? 2 : 0;
}

/* The width module counts a control character as 0 columns, but a space takes one. */
int cell_columns(const char *text) {
  int columns = width_columns(text);
  while (*text != '\0') {
    const int skip = control(text);
    if (skip > 0) columns++;
    text += skip > 0 ? skip : 1;
  }
  return columns;
}

void cell_print(const char *text, int columns) {
  int padding = columns > 0 ? columns - cell_columns(text) : 0;
  while (*text != '\0') {
    const int skip = control(text);
    const int step = skip > 0 ? skip : utf8_character(text, strlen(text));
    if (skip > 0 || step == 0)
      putchar(skip > 0 ? ' ' : '?');
    else
      fwrite(text, 1, (size_t)step, stdout);
    text += step > 0 ? step : 1;
  }
  for (; padding > 0; padding--) putchar(' ');
}
