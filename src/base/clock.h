/* Time, and what this process has used. None of it may steer a result. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Seconds from an arbitrary start, never going back. */
double clock_now(void);

/* CPU seconds of this process, all threads. */
double clock_cpu(void);

/* Writes the UTC time as 2024-05-01T02:03:04Z; `out` holds at least 21 bytes. */
void clock_text(int64_t unix_seconds, char *out);
int64_t clock_unix(void);

/* Peak resident bytes since the start or the last clock_peak_reset (0 where the system does not say). */
int64_t clock_peak_bytes(void);
void clock_peak_reset(void);

#endif
