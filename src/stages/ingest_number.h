/* Numbers as they stand in inputs: digits with a point, whatever the locale. White space around them is allowed;
 * thousands separators, currency signs, hexadecimal, inf and nan are not numbers. */
#ifndef STAGES_INGEST_NUMBER_H
#define STAGES_INGEST_NUMBER_H

#include <stdint.h>

/* 1 if the whole text is a finite number, such as -1.5 or 2e3. */
int ingest_number_parse(const char *text, double *out);

/* 1 if the whole text is an amount of at most 1e13 without exponent; *hundredths is exact, a third decimal rounds half
 * away from zero. */
int ingest_number_price(const char *text, int64_t *hundredths);

#endif
