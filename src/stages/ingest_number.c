#include "stages/ingest_number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static const char *skip(const char *at) {
  while (is_space(*at)) at++;
  return at;
}

/* strtod knows more than is wanted here, so the shape is checked first: [sign] digits [. digits] [e [sign] digits] */
static int has_shape(const char *at) {
  if (*at == '+' || *at == '-') at++;
  int digits = 0;
  for (; is_digit(*at); at++) digits++;
  if (*at == '.')
    for (at++; is_digit(*at); at++) digits++;
  if (digits == 0) return 0;
  if (*at == 'e' || *at == 'E') {
    at++;
    if (*at == '+' || *at == '-') at++;
    if (!is_digit(*at)) return 0;
    while (is_digit(*at)) at++;
  }
  return *skip(at) == '\0';
}

/* Up to fifteen digits, and a point among them: both parts of the quotient are exact, so that it is rounded once, as by
 * strtod. */
static int read_plain(const char *at, double *out) {
  static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  int64_t value = 0;
  int digits = 0, after = 0;
  for (; is_digit(*at) && digits < 15; at++, digits++) value = value * 10 + (*at - '0');
  if (*at == '.')
    for (at++; is_digit(*at) && digits < 15; at++, digits++, after++) value = value * 10 + (*at - '0');
  *out = (double)value / tens[after];
  return digits > 0 && *at == '\0';
}

int ingest_number_parse(const char *text, double *out) {
  if (read_plain(text, out)) return 1;
  const char *at = skip(text);
  if (!has_shape(at)) return 0;
  *out = strtod(at, NULL);
  return isfinite(*out);
}

int ingest_number_price(const char *text, int64_t *hundredths) {
  const char *at = skip(text);
  const int negative = *at == '-';
  if (*at == '+' || *at == '-') at++;
  if (!has_shape(at) || !(is_digit(*at) || *at == '.')) return 0;
  int64_t value = 0;
  for (; is_digit(*at); at++) {
    value = value * 10 + (*at - '0');
    if (value > 10000000000000) return 0;
  }
  value *= 100;
  if (*at == '.') {
    at++;
    for (int unit = 10; unit > 0 && is_digit(*at); unit /= 10) value += unit * (*at++ - '0');
    if (*at >= '5' && *at <= '9') value++;
    while (is_digit(*at)) at++;
  }
  *hundredths = negative ? -value : value;
  return *skip(at) == '\0';
}
