#include "base/process.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void copy_plain(const char *text, char out[PROCESS_TEXT]) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  size_t n = 0;
  for (; *text != '\0' && n + 1 < PROCESS_TEXT; text++)
    if (strchr(plain, *text) != NULL) out[n++] = *text;
  out[n] = '\0';
}

void process_host(char out[PROCESS_TEXT]) {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0) name[0] = '\0';
  copy_plain(name, out);
}

void process_job(char out[PROCESS_TEXT]) {
  const char *job = getenv("SLURM_JOB_ID");
  copy_plain(job != NULL ? job : "", out);
}

int process_restart(void) {
  const char *count = getenv("SLURM_RESTART_COUNT");
  return count != NULL ? (int)strtol(count, NULL, 10) : 0;
}

const char *process_version(void) { return NIGHTMAIL_VERSION; }
