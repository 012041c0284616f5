#include "base/stop.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t asked;

static void remember(int number) { asked = number; }

void stop_listen(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART; /* a read or write that it meets goes on */
  sigemptyset(&action.sa_mask);
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

int stop_asked(void) { return asked != 0; }

const char *stop_reason(void) { return asked == SIGUSR1 ? "SIGUSR1" : asked == SIGTERM ? "SIGTERM" : ""; }
