#include "cli/run_status.h"

#include <stdio.h>

#include "cli/arguments.h"
#include "cli/run_status_print.h"
#include "cli/run_status_read.h"

static const char help[] =
    "usage: nightmail status RUN [--json | --mark]\n"
    "How far a run is, while it works and afterwards, from any shell that sees its folder.\n"
    "  running    at work: its lock is held and its heart beats; share, rate, time and time left are those of rank 0\n"
    "             in the present part of the stage; each part begins anew (factorise, train, generate have several)\n"
    "  silent     the lock is held, but nothing was heard for minutes: its node may be gone\n"
    "  waiting    ended with everything kept: Slurm, or whoever gives the same command again, makes it go on\n"
    "  stopped    ended with a fault, or without a word; why, as far as it is known\n"
    "  finished   the night is whole\n"
    "  --json     one object\n"
    "  --mark     one line that changes if and only if work was kept since, for scripts that start again\n"
    "Exit code 0 whatever the state; 66 where there is no such folder.\n";

static status show(const char *run, int as_json, int as_mark, arena *a) {
  run_status s;
  char *mark = NULL;
  TRY(run_status_read(run, a, &s));
  TRY(run_status_mark(&s, a, &mark));
  if (as_mark) {
    printf("%s\n", mark);
  } else if (as_json) {
    json_writer w = json_writer_start(a);
    run_status_json(&w, &s, mark);
    TRY(w.failed);
    printf("%s\n", w.bytes);
  } else {
    run_status_print(&s);
  }
  return arguments_flush();
}

status run_status_command(int argc, char **argv) {
  const char *run = NULL;
  int as_json = 0, as_mark = 0, wants_help = 0;
  const arguments_option options[] = {{.name = "--json", .given = &as_json}, {.name = "--mark", .given = &as_mark}};
  TRY(arguments_read(argc, argv, options, 2, &run, &wants_help));
  if (wants_help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  if (as_json && as_mark)
    return status_fail(STATUS_USAGE, "status: --json holds the mark already; give one of the two");
  arena memory = {0};
  const status result = show(run, as_json, as_mark, &memory);
  arena_free(&memory);
  return result;
}
