/* The heartbeat of a run: a thread that touches the lock file, so that others see that its owner lives. */
#ifndef IO_RUN_LOCK_HEART_H
#define IO_RUN_LOCK_HEART_H

/* Touches the open lock file `fd` every `beat` seconds. Where `path` leads to another file by then, this process was
 * thought dead and another run has taken over: one line, and the process ends with STATUS_PERMISSION, before it harms
 * the other's files. A folder that was removed is left to whoever writes there next. */
void run_lock_heart_start(int fd, const char *path, double beat);
void run_lock_heart_stop(void);

#endif
