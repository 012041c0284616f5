#include "cli/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "io/folder.h"
#include "stages/bench.h"

enum { NAMES_MOST = 16, PATH = 4096 };

/* What can be measured. Sizes are those that are measured unless others are asked for; 0: it has none. */
typedef struct bench_row {
  const char *name, *about;
  status (*run)(bench *b);
  int64_t users, items, events;
  int repeats, width;
} bench_row;

static const bench_row rows[] = {
    {"sgemm", "the machine: products of matrices, one thread a rank, all ranks at once", bench_sgemm, 0, 0, 0, 9, 64},
    {"stream", "the machine: x = y + 3 z in memory, all ranks at once", bench_stream, 0, 0, 0, 9, 64},
    {"als", "an epoch of implicit ALS", bench_als, 200000, 20000, 10000000, 3, 64},
    {"topk", "the best 20 items of every user, exactly", bench_topk, 50000, 20000, 2500000, 3, 64},
    {"ease", "the inverse that EASE needs", bench_ease, 0, 6144, 0, 3, 64},
    {"ingest", "a CSV of events, read and laid out by user", bench_ingest, 50000, 10000, 3000000, 3, 64},
    {"writer", "learning of the writer: a minibatch of USERS texts, ITEMS tokens", bench_writer, 64, 10000, 0, 5, 512},
    {"decode", "writing of the writer: USERS texts at a time, ITEMS tokens", bench_decode, 256, 8000, 0, 5, 512},
};
enum { ROWS = (int)(sizeof rows / sizeof *rows) };

typedef struct wishes {
  const bench_row *row[NAMES_MOST];
  int count, json, help;
  int64_t users, items, events, width;
  const char *folder;
} wishes;

static const char help[] =
    "usage: [mpirun -n RANKS] nightmail bench NAME … [options]\n"
    "Measures what the program does, on made-up data, beside what the machine could do: medians, in CPU seconds of "
    "all\n"
    "ranks, which other work on the machine disturbs less than the time of day.\n"
    "  --users N --items M --events E   other sizes\n"
    "  --width K    numbers of a factor, 64 unless set; cells of the writer, 512\n"
    "  --folder DIR for files; $TMPDIR or /tmp unless set\n"
    "  --json       a line of JSON for each figure\n";

void bench_help(void) {
  fputs(help, stdout);
  for (int i = 0; i < ROWS; i++) printf("  %-8s %s\n", rows[i].name, rows[i].about);
}

static const bench_row *find(const char *name) {
  for (int i = 0; i < ROWS; i++)
    if (strcmp(rows[i].name, name) == 0) return &rows[i];
  return NULL;
}

static status read_option(int argc, char **argv, int *i, wishes *w) {
  const struct {
    const char *name;
    int64_t most, *out;
  } numbers[] = {{"--users", INT32_MAX, &w->users},
                 {"--items", INT32_MAX, &w->items},
                 {"--events", INT64_MAX / 64, &w->events},
                 {"--width", 4096, &w->width}};
  const char *option = argv[*i], *value = *i + 1 < argc ? argv[*i + 1] : NULL;
  if (strcmp(option, "--json") == 0) {
    w->json = 1;
    return STATUS_OK;
  }
  if (strcmp(option, "--help") == 0) {
    w->help = 1;
    return STATUS_OK;
  }
  ++*i;
  if (strcmp(option, "--folder") == 0 && value != NULL) {
    w->folder = value;
    return STATUS_OK;
  }
  for (size_t o = 0; o < sizeof numbers / sizeof *numbers; o++)
    if (strcmp(option, numbers[o].name) == 0)
      return arguments_number("bench", option, value, 1, numbers[o].most, numbers[o].out);
  return status_fail(STATUS_USAGE, "bench: there is no option %s; see: nightmail bench --help", option);
}

static status read_wishes(int argc, char **argv, wishes *w) {
  for (int i = 1; i < argc; i++) {
    if (argv[i][0] == '-') {
      TRY(read_option(argc, argv, &i, w));
      continue;
    }
    const bench_row *row = find(argv[i]);
    if (row == NULL)
      return status_fail(STATUS_USAGE, "bench: there is no %s; nightmail bench lists what there is", argv[i]);
    if (w->count == NAMES_MOST) return status_fail(STATUS_USAGE, "bench: at most %d at a time", NAMES_MOST);
    w->row[w->count++] = row;
  }
  return STATUS_OK;
}

/* Of a ceiling, 1 is all there is; of seconds, those at the ceiling over ours. */
static double share_of(const bench_figure *f) {
  if (f->ceiling <= 0 || f->value <= 0) return 0;
  return f->less_is_better ? f->ceiling / f->value : f->value / f->ceiling;
}

static void print_text(const bench_row *row, const bench *b, const bench_figure *f) {
  printf("%-8s %-42s %10.4g %-8s", row->name, f->name, f->value, f->unit);
  if (f->ceiling > 0) printf(" %3.0f %% of %.4g (%s)", 100 * share_of(f), f->ceiling, f->bound);
  if (b->comm->size > 1) printf("  on %d ranks", b->comm->size);
  printf("\n");
}

static void print_json(const bench_row *row, const bench *b, const bench_figure *f) {
  printf("{\"bench\": \"%s\", \"figure\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"ranks\": %d", row->name, f->name,
         f->value, f->unit, b->comm->size);
  if (b->users > 0) printf(", \"users\": %" PRId64, b->users);
  if (b->items > 0) printf(", \"items\": %" PRId64, b->items);
  if (b->events > 0) printf(", \"events\": %" PRId64 ", \"width\": %d", b->events, b->width);
  if (f->ceiling > 0) printf(", \"ceiling\": %.6g, \"of\": \"%s\", \"share\": %.4f", f->ceiling, f->bound, share_of(f));
  printf("}\n");
}

static int64_t chosen(int64_t asked, int64_t usual) { return usual > 0 && asked > 0 ? asked : usual; }

static status run_row(const comm *c, const wishes *w, const bench_row *row, const char *folder) {
  arena memory = {0};
  bench b = {.comm = c,
             .arena = &memory,
             .folder = folder,
             .users = chosen(w->users, row->users),
             .items = chosen(w->items, row->items),
             .events = chosen(w->events, row->events),
             .width = (int)chosen(w->width, row->width),
             .repeats = row->repeats};
  const status result = row->run(&b);
  for (int i = 0; i < b.count && result == STATUS_OK && c->rank == 0; i++)
    (w->json ? print_json : print_text)(row, &b, &b.figure[i]);
  fflush(stdout);
  arena_free(&memory);
  return result;
}

/* On rank 0, for all. */
static status make_folder(const wishes *w, char folder[PATH]) {
  const char *above = w->folder != NULL ? w->folder : getenv("TMPDIR");
  const int length =
      snprintf(folder, PATH, "%s/nightmail-bench-XXXXXX", above != NULL && above[0] != '\0' ? above : "/tmp");
  if (length >= PATH) return status_fail(STATUS_USAGE, "bench: the folder's name is too long");
  if (mkdtemp(folder) == NULL) return status_fail(STATUS_IO, "%s: cannot make a folder for files", folder);
  return STATUS_OK;
}

status bench_command(const comm *c, int argc, char **argv) {
  wishes w = {0};
  char folder[PATH] = "";
  TRY_ALL(c, read_wishes(argc, argv, &w));
  if (w.help || w.count == 0) {
    if (c->rank == 0) bench_help();
    return STATUS_OK;
  }
  TRY_ALL(c, c->rank == 0 ? make_folder(&w, folder) : STATUS_OK);
  comm_broadcast(c, folder, sizeof folder, 0);
  status result = STATUS_OK;
  for (int i = 0; i < w.count && result == STATUS_OK; i++) result = run_row(c, &w, w.row[i], folder);
  if (c->rank == 0) folder_remove(folder);
  return result;
}
