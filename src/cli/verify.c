#include "cli/verify.h"

#include <stdio.h>

#include "cli/arguments.h"
#include "io/manifest.h"

static const char help[] =
    "usage: nightmail verify RUN\n"
    "Proves that the run folder holds one whole night: the manifest's own digest, every account in it, and of every\n"
    "shard size, checksums, order, and that each user is in it once. Exit code 0 only if all of it holds.\n";

static void print_accounts(const char *what, int64_t total, const char *unit, const accounts *a) {
  printf("  %-10s%lld %s", what, (long long)total, unit);
  const char *sign = " = ";
  for (int i = 0; i < a->count; i++, sign = " + ")
    printf("%s%lld %s", sign, (long long)a->entry[i].count, a->entry[i].name);
  putchar('\n');
}

static void print_proof(const char *run, const manifest *m) {
  int64_t bytes = 0, messages = 0;
  for (int i = 0; i < m->shard_count; i++) {
    bytes += m->shards[i].bytes;
    messages += m->shards[i].records;
  }
  printf("%s: job %s, night %s: whole\n", run, m->job, m->night);
  printf("  %-10s%d, %lld bytes: sizes, checksums, order and owners hold\n", "shards", m->shard_count,
         (long long)bytes);
  print_accounts("rows", m->rows_read, "read", &m->rows);
  print_accounts("users", m->users_known, "known", &m->users);
  print_accounts("messages", messages, "written", &m->sources);
  print_accounts("languages", messages, "written", &m->languages);
}

status verify_command(int argc, char **argv) {
  const char *run;
  int wants_help;
  TRY(arguments_read(argc, argv, NULL, 0, &run, &wants_help));
  if (wants_help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  arena a = {0};
  manifest m;
  status result = manifest_verify(run, &m, &a);
  if (result == STATUS_OK) {
    print_proof(run, &m);
    result = arguments_flush();
  }
  arena_free(&a);
  return result;
}
