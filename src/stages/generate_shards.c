#include "stages/generate_shards.h"

#include "text/slots.h"
#include "text/width.h"

enum { SCRATCH_BYTES = 1 << 20 };

typedef struct binder {
  const stage *stage;
  const generate_side *side;
  const generate_part *part;
  int names; /* messages carry the platform's user id */
  generate_counts *counts;
  int64_t *item_messages;
  shard_writer *writer;
} binder;

/* The text of a user, from the rung that the user is on. */
static status write_text(const binder *b, user_row row, const generate_facts *f, arena *a, message *m) {
  char *text = NULL;
  m->template_text = b->part->template_text[row];
  m->source = (source)b->part->source[row];
  if (m->template_text == NULL) {
    m->source = SOURCE_GENERIC;
    TRY(generate_ladder_fill(b->side->rules, f, b->side->last_columns, a, &m->template_text, &text));
  } else {
    TRY(slots_fill(m->template_text, f->value, a, &text));
  }
  m->text = text;
  return STATUS_OK;
}

/* A reason that names an item whose title may not be named is none. */
static status write_reason(const binder *b, user_row row, arena *a, message *m) {
  char *reason = NULL;
  rule broken = RULE_KEPT;
  TRY(generate_facts_reason(&b->side->items, &b->part->users, &b->part->decisions, row, a, &reason));
  m->reason = reason;
  if (reason[0] == '\0') return STATUS_OK;
  TRY(rules_check_text(b->side->rules, reason, &broken));
  if (broken == RULE_BANNED) m->reason = "";
  return STATUS_OK;
}

static void count(generate_counts *c, const message *m, domain d) {
  const int64_t columns = width_columns(m->text);
  c->source[m->source]++;
  c->language[m->language]++;
  c->tone[m->tone]++;
  c->domain[d]++;
  c->reason += m->reason[0] != '\0';
  if (m->source == SOURCE_GENERIC) c->last[m->language][m->template_text != generate_ladder_generic(m->language)]++;
  c->columns += columns;
  if (columns > c->columns_most) c->columns_most = columns;
}

static status bind(const binder *b, user_row row, arena *a) {
  const decisions *d = &b->part->decisions;
  const user_id user = b->part->users.id[row];
  generate_facts f;
  TRY(generate_part_facts(b->part, b->side, row, a, &f));
  message m = {
      .user = user,
      .user_name = b->names ? strings_at(&b->part->users.name, row) : "",
      .item_name = strings_at(&b->side->items.name, d->item[row]),
      .language = f.language,
      .tone = f.tone,
      .score = d->score[row],
      .probability = d->probability[row],
      .key = digest_message(&b->stage->key, b->stage->job, b->stage->night, user),
      .hour = b->part->profiles.hour[row],
  };
  TRY(write_text(b, row, &f, a, &m));
  TRY(write_reason(b, row, a, &m));
  count(b->counts, &m, f.domain);
  b->item_messages[d->item[row]]++;
  return shard_writer_append(b->writer, &m);
}

static status bind_all(const binder *b) {
  arena scratch = {0};
  status result = STATUS_OK;
  for (user_row i = 0; i < b->part->users.count && result == STATUS_OK; i++) {
    b->counts->outcome[b->part->decisions.outcome[i]]++;
    if (b->part->decisions.outcome[i] != OUTCOME_MESSAGE) continue;
    result = bind(b, i, &scratch);
    if (arena_bytes(&scratch) > SCRATCH_BYTES) arena_free(&scratch);
  }
  arena_free(&scratch);
  return result;
}

status generate_shards_write(const stage *s, const generate_side *side, const generate_part *p, int count_all,
                             generate_counts *counts, int64_t *item_messages, shard_summary *out) {
  char name[64], *path = NULL;
  shard_name(p->index, count_all, name);
  TRY(arena_print(s->arena, &path, "%s/%s", s->run, name));
  const shard_options options = {.job = s->job,
                                 .night = s->night,
                                 .index = p->index,
                                 .count = count_all,
                                 .frame_bytes = settings_int(s->settings, "output.frame_bytes"),
                                 .level = (int)settings_int(s->settings, "output.level")};
  binder b = {.stage = s,
              .side = side,
              .part = p,
              .names = settings_bool(s->settings, "privacy.user_names"),
              .counts = counts,
              .item_messages = item_messages};
  TRY(shard_writer_open(path, &options, &b.writer));
  const status result = bind_all(&b);
  if (result != STATUS_OK) {
    shard_writer_abandon(b.writer);
    return result;
  }
  return shard_writer_commit(b.writer, out);
}
