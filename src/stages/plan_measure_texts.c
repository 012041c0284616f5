/* What generation does with a text besides writing it: the rules, the copy's habits, the form that finds duplicates. */
#include "stages/generate_duplicates.h"
#include "stages/generate_fluency.h"
#include "stages/plan_measure.h"
#include "text/rules.h"
#include "text/slots.h"

enum { TEXTS = 64, COLUMNS = 160 };

static status hold(const rules *r, const generate_fluency *f, const copy_line *line, arena *scratch) {
  static const char *const value[SLOT_COUNT] = {"Title",   "9.90", "12.50", "Category",
                                                "keyword", "That", "These", "Those"};
  rule broken = RULE_KEPT;
  char *filled = NULL;
  uint64_t hash = 0;
  TRY(rules_check_template(r, line->text, line->language, line->tone, line->slots, &broken));
  TRY(slots_fill(line->text, value, scratch, &filled));
  TRY(rules_check_text(r, filled, &broken));
  (void)generate_fluency_of(f, line->text, line->language, line->domain);
  return generate_duplicates_hash(line->text, scratch, &hash);
}

static status run(const rules *r, const generate_fluency *f, const copy *c, arena *scratch, double *seconds) {
  const int64_t count = c->count < TEXTS ? c->count : TEXTS;
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock)) {
    const arena_mark before = arena_here(scratch);
    for (int64_t i = 0; i < count; i++) TRY(hold(r, f, &c->lines[i * c->count / count], scratch));
    arena_release(scratch, before);
  }
  *seconds = clock.least / (double)count;
  return STATUS_OK;
}

status plan_measure_texts(const copy *c, arena *a, plan_rates *r) {
  const rules_options options = {.max_columns = COLUMNS, .max_utf16 = COLUMNS};
  generate_fluency fluency;
  rules *all = NULL;
  TRY(generate_fluency_create(c, a, &fluency));
  TRY(rules_create(&options, a, &all));
  const status result = run(all, &fluency, c, a, &r->check_text);
  rules_free(all);
  return result;
}
