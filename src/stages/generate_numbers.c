#include "stages/generate_numbers.h"

#include "io/tensor_file.h"

/* Local, on rank 0. */
static status write_items(const stage *s, const int64_t *item_messages, int32_t items) {
  char *path = NULL;
  tensor_file f = {0};
  tensor_file_add(&f, "messages", TENSOR_I64, items, 1, item_messages);
  TRY(stage_path(s, s->name, "items", 0, 0, &path));
  return tensor_file_write(path, "item_messages", &f);
}

/* accounts_add keeps the name that it is given. */
static status add(stage *s, const char *group, const char *member, int64_t value) {
  char *name = NULL;
  TRY(arena_print(s->arena, &name, "%s.%s", group, member));
  accounts_add(&s->done.numbers, name, value);
  return STATUS_OK;
}

static status fill(stage *s, const generate_numbers *n) {
  accounts *a = &s->done.numbers;
  accounts_add(a, "messages", n->counts.outcome[OUTCOME_MESSAGE]);
  accounts_add(a, "reasons", n->counts.reason);
  accounts_add(a, "columns", n->counts.columns);
  accounts_add(a, "columns_most", n->counts.columns_most);
  accounts_add(a, "templates_distinct", n->templates_distinct);
  accounts_add(a, "templates_largest", n->templates_largest);
  accounts_add(a, "candidates", n->tally.candidates);
  accounts_add(a, "candidates_unfinished", n->tally.unfinished);
  accounts_add(a, "candidates_strange", n->tally.strange);
  accounts_add(a, "candidates_repeated", n->tally.repeated);
  accounts_add(a, "tokens_refused", n->tally.refused);
  accounts_add(a, "steps_back", n->tally.retried);
  for (int i = 0; i < SOURCE_COUNT; i++) TRY(add(s, "source", source_name((source)i), n->counts.source[i]));
  for (int i = 0; i < LANGUAGE_COUNT; i++) TRY(add(s, "language", language_name((language)i), n->counts.language[i]));
  for (int i = 0; i < TONE_COUNT; i++) TRY(add(s, "tone", tone_name((tone)i), n->counts.tone[i]));
  for (int i = 0; i < DOMAIN_COUNT; i++) TRY(add(s, "domain", domain_name((domain)i), n->counts.domain[i]));
  for (int i = 0; i < RULE_COUNT; i++) TRY(add(s, "rule", rule_name((rule)i), n->tally.rejected[i]));
  return STATUS_OK;
}

/* The plainest lines are texts too; the cap does not hold them back. */
static void count_last_rung(generate_numbers *n) {
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    for (int i = 0; i < 2; i++) {
      const int64_t messages = n->counts.last[l][i];
      n->templates_distinct += messages > 0;
      if (messages > n->templates_largest) n->templates_largest = messages;
    }
}

status generate_numbers_publish(stage *s, generate_numbers *n, int64_t *item_messages, int32_t items) {
  int64_t most = n->counts.columns_most;
  comm_max_i64(s->comm, &most, 1);
  comm_sum_i64(s->comm, (int64_t *)&n->counts, (int64_t)(sizeof n->counts / sizeof(int64_t)));
  comm_sum_i64(s->comm, (int64_t *)&n->tally, (int64_t)(sizeof n->tally / sizeof(int64_t)));
  comm_sum_i64(s->comm, item_messages, items);
  n->counts.columns_most = most;
  count_last_rung(n);
  log_event(s->log, s->name, "texts", LOG_INT("messages", n->counts.outcome[OUTCOME_MESSAGE]),
            LOG_INT("generated", n->counts.source[SOURCE_GENERATED]),
            LOG_INT("template", n->counts.source[SOURCE_TEMPLATE]),
            LOG_INT("generic", n->counts.source[SOURCE_GENERIC]), LOG_INT("templates_distinct", n->templates_distinct),
            LOG_INT("templates_largest", n->templates_largest), LOG_INT("candidates", n->tally.candidates),
            LOG_INT("kept", n->tally.rejected[RULE_KEPT] - n->tally.strange));
  TRY_ALL(s->comm, fill(s, n));
  TRY_ALL(s->comm, s->comm->rank == 0 ? write_items(s, item_messages, items) : STATUS_OK);
  return STATUS_OK;
}
