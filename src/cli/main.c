/* argv to a command, and a status to an exit code. */
#include <stdio.h>
#include <string.h>

#include "base/process.h"
#include "base/status.h"
#include "cli/commands.h"
#include "comm/comm.h"

/* One line for each fault: `nightmail: kind: sentence`. */
static void print_failure(status s) {
  char text[STATUS_TEXT_SIZE], *rest = NULL;
  snprintf(text, sizeof text, "%s", status_text());
  for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
    fprintf(stderr, "nightmail: %s: %s\n", status_kind(s), line);
}

static int run_on_ranks(const commands_team *team, int argc, char **argv) {
  comm *c = NULL;
  status result = comm_open(&argc, &argv, &c);
  if (result == STATUS_OK) result = team->run(c, argc - 1, argv + 1);
  if (result != STATUS_OK && (c == NULL || c->rank == 0)) print_failure(result);
  if (c != NULL) {
    /* Nobody may be gone, and so end the others, before rank 0 has said why. */
    comm_barrier(c);
    comm_close(c);
  }
  return (int)result;
}

/* --help and --version are what they are called elsewhere. */
static int run_alone(int argc, char **argv) {
  if (strcmp(argv[1], "--version") == 0) {
    printf("nightmail %s\n", process_version());
    return 0;
  }
  const commands_row *row = commands_find(strcmp(argv[1], "--help") == 0 ? "help" : argv[1]);
  const status result = row != NULL ? row->run(argc - 1, argv + 1) : commands_unknown(argv[1]);
  if (result != STATUS_OK) print_failure(result);
  return (int)result;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "nightmail: usage: which command? See: nightmail help\n");
    return STATUS_USAGE;
  }
  const commands_team *team = commands_find_team(argv[1]);
  return team != NULL ? run_on_ranks(team, argc, argv) : run_alone(argc, argv);
}
