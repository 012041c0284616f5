/* argv to a command, and a status to an exit code. */
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "cli/export.h"
#include "cli/help.h"
#include "cli/plan.h"
#include "cli/preview.h"
#include "cli/run.h"
#include "cli/show.h"
#include "cli/synth.h"
#include "cli/verify.h"
#include "cli/where.h"
#include "comm/comm.h"

typedef struct command {
  const char *name;
  status (*run)(int argc, char **argv);
} command;

/* Commands that read or write on their own, without ranks. */
static const command commands[] = {
    {"verify", verify_command}, {"show", show_command},   {"preview", preview_command},
    {"export", export_command}, {"synth", synth_command}, {"where", where_command},
    {"plan", plan_command},     {"help", help_command},   {"--help", help_command},
};

/* One line for each fault: `nightmail: kind: sentence`. */
static void print_failure(status s) {
  char text[STATUS_TEXT_SIZE], *rest = NULL;
  snprintf(text, sizeof text, "%s", status_text());
  for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
    fprintf(stderr, "nightmail: %s: %s\n", status_kind(s), line);
}

static int run_on_ranks(int argc, char **argv) {
  comm *c = NULL;
  status result = comm_open(&argc, &argv, &c);
  if (result == STATUS_OK) result = run_command(c, argc - 1, argv + 1);
  if (result != STATUS_OK && (c == NULL || c->rank == 0)) print_failure(result);
  if (c != NULL) {
    /* Nobody may be gone, and so end the others, before rank 0 has said why. */
    comm_barrier(c);
    comm_close(c);
  }
  return (int)result;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "nightmail: usage: which command? See: nightmail help\n");
    return STATUS_USAGE;
  }
  if (strcmp(argv[1], "run") == 0) return run_on_ranks(argc, argv);
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    if (strcmp(argv[1], commands[i].name) != 0) continue;
    const status result = commands[i].run(argc - 1, argv + 1);
    if (result != STATUS_OK) print_failure(result);
    return (int)result;
  }
  fprintf(stderr, "nightmail: usage: there is no command %s; see: nightmail help\n", argv[1]);
  return STATUS_USAGE;
}
