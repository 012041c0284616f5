/* Time, and what this process has used. None of it may steer a result. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Seconds from an arbitrary start, never going back. */
double clock_now(void);

/* Sleeps for so long, signals or not. */
void clock_sleep(double seconds);

/* CPU seconds of this process, all threads. */
double clock_cpu(void);

/* Writes the UTC time as 2024-05-01T02:03:04Z; `out` holds at least 21 bytes. */
void clock_text(int64_t unix_seconds, char *out);
int64_t clock_unix(void);

/* Local time for people: "22:05", or "2024-04-30 22:05" where that was or will be more than half a day away. */
enum { CLOCK_SHORT = 24 };
void clock_short(int64_t unix_seconds, char out[CLOCK_SHORT]);

/* A span for people: "42 s", "3 min 20 s", "25 min", "2 h 05 min", "3 d 4 h". */
void clock_span(double seconds, char out[CLOCK_SHORT]);

/* Peak resident bytes since the start or the last clock_peak_reset (0 where the system does not say). */
int64_t clock_peak_bytes(void);
void clock_peak_reset(void);

#endif
