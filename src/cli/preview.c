#include "cli/preview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "cli/arguments.h"
#include "cli/cell.h"
#include "cli/messages.h"

static const char help[] =
    "usage: nightmail preview RUN [-n 20]\n"
    "Prints a sample of the messages, the same each time: of each language, tone and source one, the most frequent\n"
    "first, and the rest in proportion to their share of the night.\n";

enum { STRATA = LANGUAGE_COUNT * TONE_COUNT * SOURCE_COUNT, MOST = 10000 };

typedef struct pick {
  uint64_t order; /* a hash of the keyed user id: whoever has the smallest is shown */
  const char *text, *reason;
} pick;

typedef struct stratum {
  int64_t messages;
  int held, shown;
  pick *picks; /* [held] of room for n, ascending by order */
} stratum;

typedef struct sample {
  arena memory;
  int n;
  int64_t messages;
  stratum strata[STRATA]; /* by language, tone, source */
} sample;

static int stratum_of(const message *m) {
  return ((int)m->language * TONE_COUNT + (int)m->tone) * SOURCE_COUNT + (int)m->source;
}

static status own_text(arena *a, const char *text, const char **out) {
  char *own = NULL;
  TRY(arena_text(a, text, strlen(text), &own));
  *out = own;
  return STATUS_OK;
}

static status visit(void *context, const message *m) {
  sample *s = context;
  stratum *t = &s->strata[stratum_of(m)];
  pick p = {.order = hash_mix(m->user.high ^ hash_mix(m->user.low))};
  s->messages++;
  if (t->messages++ == 0) TRY(ARENA(&s->memory, s->n, &t->picks));
  if (t->held == s->n && t->picks[t->held - 1].order <= p.order) return STATUS_OK;
  TRY(own_text(&s->memory, m->text, &p.text));
  TRY(own_text(&s->memory, m->reason, &p.reason));
  int at = t->held < s->n ? t->held++ : t->held - 1;
  for (; at > 0 && t->picks[at - 1].order > p.order; at--) t->picks[at] = t->picks[at - 1];
  t->picks[at] = p;
  return STATUS_OK;
}

/* Whether `a` is due before `b`: strata that show nothing yet come first, larger ones before smaller; then by
 * messages / (shown + 1), as seats are given out by D'Hondt. Ties go to the earlier stratum. */
static int is_due_before(const stratum *a, const stratum *b) {
  if ((a->shown == 0) != (b->shown == 0)) return a->shown == 0;
  return a->messages * (b->shown + 1) > b->messages * (a->shown + 1);
}

static void give_out(sample *s) {
  for (int left = s->n; left > 0; left--) {
    stratum *due = NULL;
    for (int i = 0; i < STRATA; i++) {
      stratum *t = &s->strata[i];
      if (t->shown < t->held && (due == NULL || is_due_before(t, due))) due = t;
    }
    if (due == NULL) return;
    due->shown++;
  }
}

static void print_row(const char *const cells[5], const int widths[4]) {
  for (int i = 0; i < 5; i++) {
    const int last = i == 4 || (i == 3 && cells[4][0] == '\0');
    cell_print(cells[i], last ? 0 : widths[i]);
    if (last) break;
    fputs("  ", stdout);
  }
  putchar('\n');
}

static void print_sample(const sample *s) {
  int widths[4] = {8, 8, 9, 4}, shown = 0;
  for (int i = 0; i < STRATA; i++)
    for (int k = 0; k < s->strata[i].shown; k++, shown++) {
      const int columns = cell_columns(s->strata[i].picks[k].text);
      if (columns > widths[3]) widths[3] = columns;
    }
  print_row((const char *const[]){"language", "tone", "source", "text", "reason"}, widths);
  for (int i = 0; i < STRATA; i++)
    for (int k = 0; k < s->strata[i].shown; k++) {
      const pick *p = &s->strata[i].picks[k];
      print_row((const char *const[]){language_name((language)(i / SOURCE_COUNT / TONE_COUNT)),
                                      tone_name((tone)(i / SOURCE_COUNT % TONE_COUNT)),
                                      source_name((source)(i % SOURCE_COUNT)), p->text, p->reason},
                widths);
    }
  printf("%d of %lld messages\n", shown, (long long)s->messages);
}

static status preview_run(const char *run, int n) {
  sample s = {.n = n};
  manifest m;
  status result;
  TRY_DONE(result, manifest_read(run, &s.memory, &m));
  TRY_DONE(result, messages_each(run, &m, visit, &s));
  give_out(&s);
  print_sample(&s);
  result = arguments_flush();
done:
  arena_free(&s.memory);
  return result;
}

status preview_command(int argc, char **argv) {
  const char *run, *count = NULL;
  const arguments_option options[] = {{.name = "-n", .value = &count}};
  int wants_help;
  int64_t n = 20;
  TRY(arguments_read(argc, argv, options, 1, &run, &wants_help));
  if (wants_help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  if (count != NULL) TRY(arguments_number(argv[0], "-n", count, 1, MOST, &n));
  return preview_run(run, (int)n);
}
