#include "cli/show_user.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/cell.h"

enum { EVENTS_SHOWN = 10 };

static int are_below(const int32_t *rows, int count, int32_t below) {
  for (int i = 0; i < count; i++)
    if (rows[i] >= below) return 0;
  return 1;
}

status show_user_check(const show_user *u, const char *path, int32_t count) {
  const user_row r = u->row;
  int fits = count == u->users.count;
  if (fits && u->has_profile)
    fits = are_below(u->profiles.keyword + (int64_t)r * PROFILE_KEYWORDS, PROFILE_KEYWORDS, u->words.count);
  if (fits && u->has_decision)
    fits = are_below(&u->decisions.item[r], 1, u->items.count) &&
           are_below(&u->decisions.because[r], 1, u->items.count) &&
           are_below(u->decisions.candidate + (int64_t)r * DECISION_CANDIDATES, DECISION_CANDIDATES, u->items.count);
  return fits ? STATUS_OK
              : status_fail(STATUS_DATA, "%s: is not of the same users, items and words as the rest of the run", path);
}

static void line(const char *name) { printf("  %-14s", name); }

static void print_text(const char *name, const char *text) {
  line(name);
  cell_print(text, 0);
  putchar('\n');
}

static void print_real(const char *name, double value) {
  line(name);
  printf("%.4g\n", value);
}

static void print_hour(uint8_t hour) {
  line("usual hour");
  if (hour == PROFILE_NO_HOUR)
    puts("not known");
  else
    printf("%02d:00 UTC\n", hour);
}

static language language_of(const show_user *u) { return (language)u->users.language[u->row]; }

/* "Title (its id)" */
static void print_item(const show_user *u, item_row item) {
  cell_print(catalogue_title(&u->items, item, language_of(u)), 0);
  fputs(" (", stdout);
  cell_print(strings_at(&u->items.name, item), 0);
  puts(")");
}

static void print_profile(const show_user *u) {
  puts("profile");
  print_text("language", language_name(language_of(u)));
  if (u->users.flags[u->row] & USER_SUPPRESSED) print_text("suppressed", "yes, on the suppression list");
  if (!u->has_profile) {
    puts("  the stage profile has not run");
    return;
  }
  const profiles *p = &u->profiles;
  line("segment");
  printf("%d\n", p->segment[u->row]);
  line("recency");
  if (p->recency[u->row] < 0)
    puts("no event");
  else
    printf("%.1f days from the last event to the night\n", (double)p->recency[u->row]);
  line("frequency");
  printf("%d events\n", p->frequency[u->row]);
  line("value");
  printf("%.2f spent\n", p->value[u->row]);
  print_hour(p->hour[u->row]);
  line("keywords");
  for (int i = 0; i < PROFILE_KEYWORDS; i++) {
    const int64_t at = (int64_t)u->row * PROFILE_KEYWORDS + i;
    if (p->keyword[at] < 0) break;
    if (i > 0) fputs(", ", stdout);
    cell_print(strings_at(&u->words.word, p->keyword[at]), 0);
    printf(" %.3f", (double)p->keyword_weight[at]);
  }
  putchar('\n');
}

static void print_events(const show_user *u) {
  static const char *const meanings[EVENT_MEANINGS] = {"viewed", "liked", "bought"};
  const int64_t first = u->users.event_offset[u->row], end = u->users.event_offset[u->row + 1];
  printf("last events (%" PRId64 " in all)\n", end - first);
  for (int64_t e = end; e > first && e > end - EVENTS_SHOWN; e--) {
    char when[32];
    clock_text(u->users.event_time[e - 1], when);
    printf("  %s  %-7s ", when, meanings[u->users.event_meaning[e - 1]]);
    print_item(u, u->users.event_item[e - 1]);
  }
}

static void print_candidates(const show_user *u) {
  puts("candidates");
  if (!u->has_decision) puts("  the stage decide has not run");
  for (int i = 0; u->has_decision && i < DECISION_CANDIDATES; i++) {
    const int64_t at = (int64_t)u->row * DECISION_CANDIDATES + i;
    if (u->decisions.candidate[at] < 0) break;
    printf("  %2d  %9.5f  ", i + 1, (double)u->decisions.candidate_score[at]);
    print_item(u, u->decisions.candidate[at]);
  }
}

static void print_decision(const show_user *u) {
  static const char *const why[EVENT_MEANINGS] = {"viewed ", "liked ", "bought "};
  if (!u->has_decision) return;
  const decisions *d = &u->decisions;
  puts("decision");
  print_text("outcome", outcome_name((outcome)d->outcome[u->row]));
  if (d->item[u->row] < 0) return;
  line("item");
  print_item(u, d->item[u->row]);
  print_real("score", (double)d->score[u->row]);
  print_text("tone", tone_name((tone)d->tone[u->row]));
  print_real("probability", (double)d->probability[u->row]);
  line("because");
  if (d->because[u->row] < 0) {
    puts("no item to name");
    return;
  }
  fputs(why[d->because_why[u->row]], stdout);
  print_item(u, d->because[u->row]);
}

static void print_message(const show_user *u) {
  puts("message");
  if (!u->has_message) {
    puts("  none");
    return;
  }
  const message *m = &u->message;
  print_text("text", m->text);
  print_text("reason", m->reason[0] != '\0' ? m->reason : "none to name");
  print_text("language", language_name(m->language));
  print_text("tone", tone_name(m->tone));
  print_text("source", source_name(m->source));
  print_text("template", m->template_text);
  print_hour(m->hour);
  line("key");
  printf("%016" PRIx64 "\n", m->key);
}

void show_user_print(const show_user *u) {
  fputs("user ", stdout);
  cell_print(strings_at(&u->users.name, u->row), 0);
  printf(" (partition %d, row %d)\n", u->partition, u->row);
  print_profile(u);
  print_events(u);
  print_candidates(u);
  print_decision(u);
  print_message(u);
}
