#include "stages/report_night.h"

#include <string.h>

#include "base/hash.h"
#include "io/shard.h"
#include "io/tensor_file.h"
#include "io/work_file.h"

/* A large night is sampled from so many of its shards; a log is known to speak of so many stages. */
enum { SHARDS_MOST = 16, HISTORIES = 16, STRATA = LANGUAGE_COUNT * TONE_COUNT };

/* The messages of one language and tone with the smallest hashes of their keys. */
typedef struct stratum {
  int count;
  uint64_t hash[REPORT_SAMPLE];
  message one[REPORT_SAMPLE];
} stratum;

static status copy_message(arena *a, const message *m, message *out) {
  char *text = NULL, *item = NULL, *reason = NULL;
  TRY(arena_text(a, m->text, strlen(m->text), &text));
  TRY(arena_text(a, m->item_name, strlen(m->item_name), &item));
  TRY(arena_text(a, m->reason, strlen(m->reason), &reason));
  *out = *m;
  out->user = (user_id){0};
  out->user_name = out->template_text = "";
  out->text = text;
  out->item_name = item;
  out->reason = reason;
  return STATUS_OK;
}

static status offer(arena *a, const message *m, stratum *strata) {
  stratum *s = &strata[(int)m->language * TONE_COUNT + (int)m->tone];
  const uint64_t hash = hash_mix(m->key);
  int at = s->count;
  while (at > 0 && s->hash[at - 1] > hash) at--;
  if (at == REPORT_SAMPLE) return STATUS_OK;
  if (s->count < REPORT_SAMPLE) s->count++;
  for (int i = s->count - 1; i > at; i--) {
    s->hash[i] = s->hash[i - 1];
    s->one[i] = s->one[i - 1];
  }
  s->hash[at] = hash;
  return copy_message(a, m, &s->one[at]);
}

static status read_shard(const stage *s, const char *name, stratum *strata) {
  char *path = NULL;
  shard_reader *r = NULL;
  message m;
  int more = 1;
  TRY(arena_print(s->arena, &path, "%s/%s", s->run, name));
  TRY(shard_reader_open(path, &r));
  status result = shard_reader_next(r, &m, &more);
  while (result == STATUS_OK && more) {
    result = offer(s->arena, &m, strata);
    if (result == STATUS_OK) result = shard_reader_next(r, &m, &more);
  }
  shard_reader_close(r);
  return result;
}

/* One of each stratum in turn, until there are enough. */
static status choose_sample(const stage *s, report_night *n) {
  stratum *strata = NULL;
  TRY(ARENA(s->arena, STRATA, &strata));
  const int shards = n->manifest.shard_count, step = shards > SHARDS_MOST ? shards / SHARDS_MOST : 1;
  for (int i = 0; i < shards; i += step) TRY(read_shard(s, n->manifest.shards[i].name, strata));
  for (int round = 0; round < REPORT_SAMPLE; round++)
    for (int i = 0; i < STRATA && n->sample_count < REPORT_SAMPLE; i++)
      if (round < strata[i].count) n->sample[n->sample_count++] = strata[i].one[round];
  return STATUS_OK;
}

/* What is known of a stage when its log is read from the end. */
typedef struct history {
  const char *stage;
  int resumed; /* the start that comes next went on from a checkpoint: what was before it counts */
  int is_over; /* a start that began anew was seen: what was before it does not count */
} history;

static history *history_of(history *known, int *count, const char *stage_name) {
  int i = 0;
  while (i < *count && strcmp(known[i].stage, stage_name) != 0) i++;
  if (i == HISTORIES) return NULL;
  if (i == *count) known[(*count)++] = (history){.stage = stage_name};
  return &known[i];
}

/* A log may hold several starts of a stage: what was before the last one that began anew does not count. */
static void keep_last_runs(log_entries *l) {
  history known[HISTORIES];
  int stages = 0;
  int64_t first = l->count;
  for (int64_t i = l->count - 1; i >= 0; i--) {
    const log_entry *e = &l->entry[i];
    history *h = history_of(known, &stages, e->stage);
    if (h != NULL && h->is_over) continue;
    if (h != NULL && strcmp(e->event, "resumed") == 0) h->resumed = 1;
    if (h != NULL && strcmp(e->event, "start") == 0) {
      h->is_over = !h->resumed;
      h->resumed = 0;
    }
    l->entry[--first] = *e;
  }
  l->count -= first;
  l->entry += first;
}

status report_night_load(const stage *s, report_night *out) {
  char *path = NULL;
  tensor_file f;
  void *messages = NULL;
  int64_t rows = 0;
  TRY(manifest_read(s->run, s->arena, &out->manifest));
  TRY(stage_before(s, "generate", &out->generate));
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, s->arena, &out->items));
  TRY(stage_path(s, "generate", "items", 0, 0, &path));
  TRY(tensor_file_read(path, "item_messages", s->arena, &f));
  TRY(tensor_file_get(&f, "messages", TENSOR_I64, out->items.count, 1, &messages, &rows));
  out->item_messages = messages;
  TRY(arena_print(s->arena, &path, "%s/log.jsonl", s->run));
  TRY(log_reader_read(path, s->arena, &out->log));
  keep_last_runs(&out->log);
  return choose_sample(s, out);
}

const stage_done *report_night_stage(const report_night *n, const char *name) {
  for (int i = 0; i < n->manifest.stage_count; i++)
    if (strcmp(n->manifest.stages[i].stage, name) == 0) return &n->manifest.stages[i];
  return NULL;
}
