#include "cli/plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/arguments.h"
#include "cli/job.h"
#include "cli/plan_platform.h"

static const char help[] =
    "usage: nightmail plan JOB [options]\n"
    "       nightmail plan --users N --items M --events E [options]\n"
    "  --partition FILE   how the job is laid over ranks and nodes, such as partitions/cluster.yaml\n"
    "  --ranks R          plan for R ranks (default: as many as are of use)\n"
    "  --set KEY=VALUE    override a setting; may be repeated\n"
    "  --json             one object with everything\n"
    "  --sizes            for scripts: night RANKS NODES MIB_PER_RANK MINUTES, then a line for each stage\n"
    "  --users N --items M --events E   a platform that is not there yet: ingest and factorise, model by model\n"
    "Says rows, memory, bytes sent and time of each stage before anybody waits: it reads the sizes of the inputs, "
    "runs\n"
    "the program's own kernels for a few seconds, and looks at the job's last night. Nodes and network are\n"
    "layout.ranks_per_node, .node_memory, .network_latency and .network_bandwidth. What cannot fit ends with code "
    "78.\n";

typedef struct options {
  job job;
  const char *ranks;
  const char *users, *items, *events;
  int json, sizes;
} options;

/* 1e8 reads better than 100000000. */
static status read_size(const char *option, const char *text, double *out) {
  char *end = NULL;
  *out = text != NULL ? strtod(text, &end) : 0;
  if (text == NULL || end == text || *end != '\0' || !(*out >= 1 && *out <= 1e15))
    return status_fail(STATUS_USAGE,
                       "plan: %s wants a number from 1 to 1e15; --users, --items and --events go together", option);
  return STATUS_OK;
}

static status read_ranks(const options *o, plan_answer *p) {
  int64_t ranks = 0;
  if (o->ranks == NULL) return STATUS_OK;
  TRY(arguments_number("plan", "--ranks", o->ranks, 1, PLAN_RANKS_MOST, &ranks));
  p->asked = (int)ranks;
  return STATUS_OK;
}

static status imagine(const options *o, arena *a) {
  settings *s = NULL;
  plan_answer *p = NULL;
  plan_platform platform;
  TRY(read_size("--users", o->users, &platform.users));
  TRY(read_size("--items", o->items, &platform.items));
  TRY(read_size("--events", o->events, &platform.events));
  TRY(ARENA(a, 1, &p));
  TRY(read_ranks(o, p));
  TRY(job_load(&o->job, a, &s));
  TRY(plan_job_imagine(s, &platform, &p->about));
  if (p->asked > 0)
    TRY(plan_size_of(&p->about, PLAN_FACTORISE, p->asked, &p->night));
  else
    TRY(plan_size_suggest(&p->about, PLAN_FACTORISE, &p->night));
  plan_platform_print(&platform, p);
  return arguments_flush();
}

static status size_all(plan_answer *p) {
  if (p->asked > 0)
    TRY(plan_size_of(&p->about, PLAN_NIGHT, p->asked, &p->night));
  else
    TRY(plan_size_suggest(&p->about, PLAN_NIGHT, &p->night));
  for (int i = 0; i < PLAN_STAGES; i++) {
    if (p->asked > 0)
      TRY(plan_size_of(&p->about, i, p->asked, &p->stage[i]));
    else
      TRY(plan_size_suggest(&p->about, i, &p->stage[i]));
  }
  return STATUS_OK;
}

static status answer(const options *o, arena *a) {
  settings *s = NULL;
  plan_answer *p = NULL;
  TRY(ARENA(a, 1, &p));
  TRY(job_load(&o->job, a, &s));
  TRY(read_ranks(o, p));
  p->path = o->job.path;
  p->job = settings_text(s, "job");
  TRY(plan_job_read(s, a, &p->about));
  TRY(size_all(p));
  if (o->json) TRY(plan_print_json(p, a));
  if (o->sizes) plan_print_sizes(p);
  if (!o->json && !o->sizes) plan_print_table(p);
  return arguments_flush();
}

status plan_command(int argc, char **argv) {
  options o = {.ranks = NULL};
  const arguments_option own[] = {{"--ranks", &o.ranks, NULL}, {"--json", NULL, &o.json},
                                  {"--sizes", NULL, &o.sizes}, {"--users", &o.users, NULL},
                                  {"--items", &o.items, NULL}, {"--events", &o.events, NULL}};
  TRY(job_read_options(argc, argv, own, (int)(sizeof own / sizeof *own), &o.job));
  if (o.job.help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  if (o.json && o.sizes) return status_fail(STATUS_USAGE, "--json holds the sizes too; give one of --json and --sizes");
  const int is_imagined = o.users != NULL || o.items != NULL || o.events != NULL;
  if (o.job.path == NULL && !is_imagined)
    return status_fail(STATUS_USAGE, "which job? Give a job file, such as jobs/demo.yaml");
  arena a = {0};
  const status result = is_imagined ? imagine(&o, &a) : answer(&o, &a);
  arena_free(&a);
  return result;
}
