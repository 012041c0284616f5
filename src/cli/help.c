#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/settings.h"
#include "cli/arguments.h"
#include "cli/commands.h"

static const char overview[] =
    "nightmail writes one personal message for every user, every night.\n\n"
    "  mpirun -n 4 nightmail run JOB      run the night: ingest profile factorise train decide generate report\n"
    "  mpirun -n 4 nightmail evaluate JOB  how good its models are, by a test that is held back\n"
    "  mpirun -n 4 nightmail tune JOB      search for settings of its models on a validation cut\n"
    "  nightmail plan JOB                 memory, bytes sent and time of a night, and the ranks that are of use\n"
    "  nightmail where JOB                the run folder of a job\n"
    "  nightmail status RUN               how far a run is: stage, share, time left, memory, last checkpoint\n"
    "  nightmail verify RUN               prove every checksum and every account of a finished night\n"
    "  nightmail show RUN --user ID       one user: profile, candidates, message, why\n"
    "  nightmail preview RUN [-n 20]      a sample of the messages\n"
    "  nightmail export RUN --format jsonl|csv [--output FILE]\n"
    "  nightmail scaling FOLDER           what a series of runs by slurm/scaling says\n"
    "  nightmail synth DIR                make a platform to try things on\n"
    "  nightmail bench NAME               how fast this machine is, and what we make of it\n"
    "  nightmail help settings            every setting: type, range, default, meaning\n"
    "  nightmail help COMMAND             one command, as COMMAND --help does; nightmail --version\n\n"
    "Exit codes: 0 done, 64 usage, 65 bad data, 66 input missing, 70 our bug, 74 input/output, 75 all is saved:\n"
    "start the same command again, 77 permissions or another run at work, 78 settings.\n";

static void print_range(const settings_row *row) {
  static const char *const types[] = {"integer", "real", "true|false", "text", "path", "", "list of texts"};
  if (row->type == SETTINGS_CHOICE)
    printf("%s", row->choices);
  else
    printf("%s", types[row->type]);
  if (row->type == SETTINGS_INT || row->type == SETTINGS_REAL) printf(" from %.10g to %.10g", row->min, row->max);
  if (row->unit[0] != '\0') printf(" (%s)", row->unit);
}

static void print_settings(void) {
  for (int i = 0; i < settings_table_count; i++) {
    const settings_row *row = &settings_table[i];
    printf("%s\n    %s\n    ", row->path, row->help);
    print_range(row);
    if (row->fallback == NULL)
      printf("; must be given\n");
    else
      printf("; default: %s\n", row->fallback[0] != '\0' ? row->fallback : "empty");
  }
}

/* A command's own help: what it says with --help. */
static status print_command(char *word) {
  char ask[] = "--help";
  char *arguments[] = {word, ask, NULL};
  const commands_row *row = commands_find(word);
  const commands_team *team = commands_find_team(word);
  if (team != NULL) {
    team->help();
    return STATUS_OK;
  }
  return row != NULL ? row->run(2, arguments) : commands_unknown(word);
}

status help_command(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "settings") == 0)
    print_settings();
  else if (argc > 1 && strcmp(argv[1], "help") != 0 && strcmp(argv[1], "--help") != 0)
    TRY(print_command(argv[1]));
  else
    fputs(overview, stdout);
  return arguments_flush();
}
