#include "cli/commands.h"

#include <string.h>

#include "base/nearest.h"
#include "cli/bench.h"
#include "cli/export.h"
#include "cli/help.h"
#include "cli/plan.h"
#include "cli/preview.h"
#include "cli/run.h"
#include "cli/run_evaluate.h"
#include "cli/run_status.h"
#include "cli/run_tune.h"
#include "cli/scaling.h"
#include "cli/show.h"
#include "cli/synth.h"
#include "cli/verify.h"
#include "cli/where.h"

static const commands_row rows[] = {
    {"verify", verify_command},   {"show", show_command},   {"preview", preview_command},
    {"export", export_command},   {"synth", synth_command}, {"status", run_status_command},
    {"where", where_command},     {"plan", plan_command},   {"help", help_command},
    {"scaling", scaling_command},
};
enum { ROWS = (int)(sizeof rows / sizeof *rows) };

static const commands_team teams[] = {
    {"run", run_command, run_help},
    {"evaluate", run_evaluate_command, run_evaluate_help},
    {"tune", run_tune_command, run_tune_help},
    {"bench", bench_command, bench_help},
};
enum { TEAMS = (int)(sizeof teams / sizeof *teams) };

const commands_team *commands_find_team(const char *name) {
  for (int i = 0; i < TEAMS; i++)
    if (strcmp(teams[i].name, name) == 0) return &teams[i];
  return NULL;
}

const commands_row *commands_find(const char *name) {
  for (int i = 0; i < ROWS; i++)
    if (strcmp(rows[i].name, name) == 0) return &rows[i];
  return NULL;
}

const char *commands_nearest(const char *word) {
  const size_t length = strlen(word);
  const char *best = NULL;
  int best_cost = nearest_limit(length);
  for (int i = -TEAMS; i < ROWS; i++) {
    const char *known = i < 0 ? teams[i + TEAMS].name : rows[i].name;
    const int cost = nearest_distance(word, length, known, strlen(known));
    if (cost >= best_cost || cost >= (int)length) continue;
    best_cost = cost;
    best = known;
  }
  return best;
}

status commands_unknown(const char *word) {
  const char *meant = commands_nearest(word);
  return status_fail(STATUS_USAGE, "there is no command %s%s%s; see: nightmail help", word,
                     meant != NULL ? ", did you mean " : "", meant != NULL ? meant : "");
}
