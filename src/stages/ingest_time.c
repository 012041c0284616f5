#include "stages/ingest_time.h"

#include <string.h>

typedef struct moment {
  int64_t year;
  int month, day, hour, minute, second;
  int day_of_year; /* 0: not given */
  int afternoon;   /* -1: not given */
  int64_t offset;  /* seconds east of UTC */
  int64_t unix_seconds;
  int is_unix;
} moment;

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* At most `most` digits, at least `least`; advances *at. */
static int read_digits(const char **at, int least, int most, int *out) {
  int count = 0, value = 0;
  while (count < most && is_digit((*at)[count])) value = value * 10 + ((*at)[count++] - '0');
  *at += count;
  *out = value;
  return count >= least;
}

static int read_char(const char **at, char c) {
  if (**at != c) return 0;
  (*at)++;
  return 1;
}

static void skip_spaces(const char **at) {
  while (is_space(**at)) (*at)++;
}

static int read_unix(const char **at, int64_t *out) {
  const int negative = read_char(at, '-');
  int count = 0;
  int64_t value = 0;
  for (; is_digit((*at)[count]) && count < 13; count++) value = value * 10 + ((*at)[count] - '0');
  *at += count;
  if (read_char(at, '.'))
    while (is_digit(**at)) (*at)++;
  *out = negative ? -value : value;
  return count > 0;
}

/* Z, +08, +0800, +08:00 */
static int read_zone(const char **at, int64_t *offset) {
  *offset = 0;
  if (read_char(at, 'Z') || read_char(at, 'z')) return 1;
  const char sign = **at;
  if (sign != '+' && sign != '-') return 0;
  (*at)++;
  int hours = 0, minutes = 0;
  if (!read_digits(at, 2, 2, &hours)) return 0;
  const int colon = read_char(at, ':');
  if ((colon || is_digit(**at)) && !read_digits(at, 2, 2, &minutes)) return 0;
  if (hours > 14 || minutes > 59) return 0;
  *offset = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
  return 1;
}

static int read_month(const char **at, int *month) {
  static const char *const names[12] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};
  for (int m = 0; m < 12; m++) {
    size_t same = 0;
    while (names[m][same] != '\0' && lower((*at)[same]) == names[m][same]) same++;
    if (same < 3) continue;
    *at += names[m][same] == '\0' ? same : 3;
    *month = m + 1;
    return 1;
  }
  return 0;
}

static int read_half(const char **at, int *afternoon) {
  const char a = lower((*at)[0]);
  if ((a != 'a' && a != 'p') || lower((*at)[1]) != 'm') return 0;
  *afternoon = a == 'p';
  *at += 2;
  return 1;
}

static int64_t is_leap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

/* Days from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_of(int64_t year, int month, int day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int finish(const moment *m, int64_t *seconds) {
  static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (m->is_unix) {
    *seconds = m->unix_seconds;
    return 1;
  }
  int hour = m->hour;
  if (m->afternoon >= 0) {
    if (hour < 1 || hour > 12) return 0;
    hour = hour % 12 + 12 * m->afternoon;
  }
  if (m->month < 1 || m->month > 12 || hour > 23 || m->minute > 59 || m->second > 60) return 0;
  int64_t days = 0;
  if (m->day_of_year > 0) {
    if (m->day_of_year > 365 + is_leap(m->year)) return 0;
    days = days_of(m->year, 1, 1) + m->day_of_year - 1;
  } else {
    if (m->day < 1 || m->day > lengths[m->month - 1] + (m->month == 2 ? is_leap(m->year) : 0)) return 0;
    days = days_of(m->year, m->month, m->day);
  }
  *seconds = days * 86400 + hour * 3600 + m->minute * 60 + m->second - m->offset;
  return 1;
}

static int read_iso(const char **at, moment *m) {
  int year = 0;
  if (!read_digits(at, 4, 4, &year) || !read_char(at, '-') || !read_digits(at, 2, 2, &m->month) ||
      !read_char(at, '-') || !read_digits(at, 2, 2, &m->day))
    return 0;
  m->year = year;
  if (**at != 'T' && **at != 't' && !(is_space(**at) && is_digit((*at)[1]))) return 1;
  (*at)++;
  if (!read_digits(at, 2, 2, &m->hour) || !read_char(at, ':') || !read_digits(at, 2, 2, &m->minute)) return 0;
  if (read_char(at, ':')) {
    if (!read_digits(at, 2, 2, &m->second)) return 0;
    if (read_char(at, '.') || read_char(at, ','))
      while (is_digit(**at)) (*at)++;
  }
  return **at == '\0' || is_space(**at) || read_zone(at, &m->offset);
}

static int read_format(const char *format, const char **at, moment *m);

static int read_year_of_century(const char **at, moment *m) {
  int year = 0;
  if (!read_digits(at, 2, 2, &year)) return 0;
  m->year = year + (year < 69 ? 2000 : 1900);
  return 1;
}

static int read_conversion(char conversion, const char **at, moment *m) {
  int year = 0;
  switch (conversion) {
    case 'Y':
      if (!read_digits(at, 4, 4, &year)) return 0;
      m->year = year;
      return 1;
    case 'y': return read_year_of_century(at, m);
    case 'm': return read_digits(at, 1, 2, &m->month);
    case 'e':
    case 'd': skip_spaces(at); return read_digits(at, 1, 2, &m->day);
    case 'b':
    case 'B': return read_month(at, &m->month);
    case 'H':
    case 'I': return read_digits(at, 1, 2, &m->hour);
    case 'M': return read_digits(at, 1, 2, &m->minute);
    case 'S': return read_digits(at, 1, 2, &m->second);
    case 'p': return read_half(at, &m->afternoon);
    case 'j': return read_digits(at, 1, 3, &m->day_of_year) && m->day_of_year > 0;
    case 's': m->is_unix = 1; return read_unix(at, &m->unix_seconds);
    case 'z': return read_zone(at, &m->offset);
    case 'T': return read_format("%H:%M:%S", at, m);
    case 'R': return read_format("%H:%M", at, m);
    case 'F': return read_format("%Y-%m-%d", at, m);
    case 'D': return read_format("%m/%d/%y", at, m);
    default: return read_char(at, '%');
  }
}

static int read_format(const char *format, const char **at, moment *m) {
  for (const char *f = format; *f != '\0'; f++) {
    if (is_space(*f)) {
      skip_spaces(at);
    } else if (*f == '%') {
      f++;
      if (!read_conversion(*f, at, m)) return 0;
    } else if (!read_char(at, *f)) {
      return 0;
    }
  }
  return 1;
}

status ingest_time_check(const char *format, const char *key) {
  if (strcmp(format, "iso") == 0 || strcmp(format, "unix") == 0) return STATUS_OK;
  int conversions = 0;
  for (const char *f = format; *f != '\0'; f++) {
    if (*f != '%') continue;
    f++;
    if (*f == '\0' || strchr("YymdebBHIMSpjszTRFD%", *f) == NULL)
      return status_fail(STATUS_SETTINGS,
                         "%s: '%s' is neither iso, unix nor a format made of %%Y %%m %%d %%H %%M %%S …", key, format);
    conversions += *f != '%';
  }
  if (conversions == 0)
    return status_fail(STATUS_SETTINGS, "%s: '%s' is neither iso, unix nor a format such as %%d.%%m.%%Y", key, format);
  return STATUS_OK;
}

/* A word of eight characters as their distances from those of `shape`; any that is no digit 0-9 where the shape has 0,
 * or not the shape's own where it has another, sets a bit of *wrong. */
static uint64_t distances(const char *text, const char *shape, uint64_t *wrong) {
  const uint64_t tops = 0x8080808080808080u, past_nine = 0x7676767676767676u, zeroes = 0x3030303030303030u;
  uint64_t word, wanted;
  memcpy(&word, text, 8);
  memcpy(&wanted, shape, 8);
  const uint64_t off = word ^ wanted, mark = wanted ^ zeroes; /* a mark's byte is not 0 */
  const uint64_t marks = ((mark & ~tops) + ~tops) & tops;
  *wrong |= (off | ((off & ~tops) + past_nine)) & tops;
  *wrong |= off & (marks | (marks - (marks >> 7)));
  return off;
}

/* The number that two digits at place `at` of such a word make. */
static int pair(uint64_t off, int at) { return (int)((off >> 8 * at & 15) * 10 + (off >> (8 * at + 8) & 15)); }

/* 2010-12-01 08:26:00, or with a T, and nothing else: most ISO times are written so. */
static int read_plain_iso(const char *text, int64_t length, int64_t *seconds) {
  if (length != 19 || (text[10] != ' ' && text[10] != 'T')) return 0;
  uint64_t wrong = 0;
  const uint64_t date = distances(text, "0000-00-", &wrong), days = distances(text + 2, "00-00-00", &wrong),
                 time = distances(text + 11, "00:00:00", &wrong);
  if (wrong != 0) return 0;
  const moment m = {.year = pair(date, 0) * 100 + pair(date, 2),
                    .month = pair(date, 5),
                    .day = pair(days, 6),
                    .hour = pair(time, 0),
                    .minute = pair(time, 3),
                    .second = pair(time, 6),
                    .afternoon = -1};
  return finish(&m, seconds);
}

/* Nothing but eight to thirteen digits, as most Unix times are written; the first eight are joined two, four and eight
 * at a time. */
static int read_plain_unix(const char *text, int64_t length, int64_t *seconds) {
  if (length < 8 || length > 13) return 0;
  uint64_t wrong = 0, eight = distances(text, "00000000", &wrong);
  eight = (eight * 10 + (eight >> 8)) & 0x00FF00FF00FF00FFu;
  eight = (eight * 100 + (eight >> 16)) & 0x0000FFFF0000FFFFu;
  int64_t value = (int64_t)((eight * 10000 + (eight >> 32)) & 0xFFFFFFFFu);
  for (int64_t i = 8; i < length; i++) {
    if (!is_digit(text[i])) return 0;
    value = value * 10 + (text[i] - '0');
  }
  *seconds = value;
  return wrong == 0;
}

/* Without a call. */
static inline int is_named(const char *format, const char *name) {
  for (; *name != '\0' && *format == *name; name++) format++;
  return *format == *name;
}

int ingest_time_parse(const char *format, const char *text, int64_t length, int64_t *seconds) {
  const int is_iso = is_named(format, "iso"), is_unix = is_named(format, "unix");
  if (is_iso && read_plain_iso(text, length, seconds)) return 1;
  if (is_unix && read_plain_unix(text, length, seconds)) return 1;
  moment m = {.year = 1970, .month = 1, .day = 1, .afternoon = -1};
  const char *at = text;
  skip_spaces(&at);
  int good = 0;
  if (is_iso) {
    good = read_iso(&at, &m);
  } else if (is_unix) {
    good = read_unix(&at, &m.unix_seconds);
    m.is_unix = 1;
  } else {
    good = read_format(format, &at, &m);
  }
  skip_spaces(&at);
  return good && *at == '\0' && finish(&m, seconds);
}
