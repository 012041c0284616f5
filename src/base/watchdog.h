/* Ends a process that makes no progress, and says where it stood: a thread of its own compares a counter with what it
 * was. Without it a rank that hangs (a dead file server, a stopped process, a lost message) keeps a whole job's nodes
 * until the time limit.
 *
 * Whoever waits for others is given longer than whoever does not, so that the rank that hangs is the one that speaks;
 * where that one cannot (it is stopped, or its node is gone), one that waits speaks for it.
 * The exit code is STATUS_BUG, after one line on stderr. Calls are cheap and safe before watchdog_start. */
#ifndef BASE_WATCHDOG_H
#define BASE_WATCHDOG_H

#include <stdint.h>

/* seconds without a pulse after which the process ends; 0: never. `rank` is for the sentence. */
void watchdog_start(int rank, double seconds);
void watchdog_stop(void);

/* Progress: a unit of work is done. */
void watchdog_pulse(void);

/* Progress, and the place for the sentence: a stage or phase (a literal, or text that lives on) and its step (-1:
 * none). */
void watchdog_at(const char *place, int64_t step);

/* Around a wait for other ranks; `what` is a literal such as "a sum". Do not nest. */
void watchdog_wait(const char *what);
void watchdog_go_on(void);

/* Around one long call into a library that cannot pulse. All ranks pause, those that wait for it too. */
void watchdog_pause(void);
void watchdog_resume(void);

#endif
