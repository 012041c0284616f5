/* Holds every message of a finished run against what is known without the stage that wrote it: catalogue, events,
 * decisions and settings of the run.
 *
 *   check_messages RUN [--small]
 *
 * Prints one line of JSON with the shares, a line for each kind of fault, and ends with 1 if there was any. `--small`
 * leaves out the shares that only a night of some size can reach. No line names a user. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/decision.h"
#include "data/profile.h"
#include "io/file.h"
#include "io/manifest.h"
#include "io/work_file.h"
#include "text/rules.h"
#include "text/slots.h"
#include "text/width.h"

enum { BANNED_MOST = 1000, FAULTS_SHOWN = 3 };

typedef enum fault {
  FAULT_USER,     /* unknown, twice, out of order, or not to be written to */
  FAULT_ITEM,     /* not the decided one, not available, or seen before */
  FAULT_SLOT,     /* unfilled, repeated, or without a value */
  FAULT_FILLED,   /* the text is not its template filled from the catalogue */
  FAULT_DIGIT,    /* a digit or currency sign that no value holds */
  FAULT_LANGUAGE, /* not the user's, or letters of the other one */
  FAULT_RULE,     /* breaks a rule of text/rules.h */
  FAULT_LENGTH,   /* too many columns or UTF-16 units */
  FAULT_REASON,   /* not true */
  FAULT_TONE,     /* claims what the facts do not back */
  FAULT_FIELD,    /* probability, hour or key */
  FAULT_SHARE,    /* of the night */
  FAULT_COUNT
} fault;

static const char *const fault_name[FAULT_COUNT] = {"user", "item",   "slot",   "filled", "digit", "language",
                                                    "rule", "length", "reason", "tone",   "field", "share"};

typedef struct job {
  int columns, utf16, banned_count;
  double duplicate_share;
  const char *money;
  const char *banned[BANNED_MOST];
} job;

typedef struct check {
  arena arena;
  const char *run;
  job job;
  manifest manifest;
  catalogue items;
  words words;
  rules *rules;
  int64_t faults[FAULT_COUNT];
  int64_t messages, generated, capacity;
  char **templates; /* [messages] */
  uint64_t *keys;   /* [messages] */
} check;

static void must(status s) {
  if (s == STATUS_OK) return;
  fprintf(stderr, "check_messages: %s\n", status_text());
  exit(1);
}

static void add_fault(check *c, fault f, const char *text) {
  if (c->faults[f]++ < FAULTS_SHOWN) printf("fault %s: %s\n", fault_name[f], text);
}

/* The settings in effect, as the run keeps them: "path: value" lines. */
static void read_job(check *c) {
  char *path = NULL, *text = NULL, *rest = NULL;
  int64_t bytes = 0;
  must(arena_print(&c->arena, &path, "%s/settings.txt", c->run));
  must(file_read(path, &c->arena, &text, &bytes));
  c->job = (job){.money = "$%"};
  for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
    char *value = strstr(line, ": ");
    if (value == NULL) continue;
    *value = '\0';
    value += 2;
    if (strcmp(line, "generate.columns") == 0) c->job.columns = atoi(value);
    if (strcmp(line, "generate.utf16") == 0) c->job.utf16 = atoi(value);
    if (strcmp(line, "generate.duplicate_share") == 0) c->job.duplicate_share = strtod(value, NULL);
    if (strcmp(line, "money") == 0) c->job.money = value;
    if (strncmp(line, "generate.banned[", 16) == 0 && c->job.banned_count < BANNED_MOST)
      c->job.banned[c->job.banned_count++] = value;
  }
}

static void open_run(check *c) {
  char *path = NULL;
  must(manifest_verify(c->run, &c->manifest, &c->arena));
  read_job(c);
  must(work_file_path(&c->arena, c->run, "ingest", "items", 0, 0, &path));
  must(work_file_load_catalogue(path, &c->arena, &c->items));
  must(work_file_path(&c->arena, c->run, "profile", "words", 0, 0, &path));
  must(work_file_load_words(path, c->items.count, &c->arena, &c->words));
  const rules_options options = {.max_columns = c->job.columns,
                                 .max_utf16 = c->job.utf16,
                                 .banned = c->job.banned,
                                 .banned_count = c->job.banned_count};
  must(rules_create(&options, &c->arena, &c->rules));
  for (int i = 0; i < c->manifest.shard_count; i++) c->capacity += c->manifest.shards[i].records;
  must(ARENA(&c->arena, c->capacity, &c->templates));
  must(ARENA(&c->arena, c->capacity, &c->keys));
}

/* One logical partition. */
typedef struct part {
  users users;
  decisions decisions;
} part;

static int touched(const users *u, user_row row, item_row item) {
  for (int64_t e = u->offset[row]; e < u->offset[row + 1]; e++)
    if (u->item[e] == item) return 1;
  return 0;
}

static int did(const users *u, user_row row, item_row item, int meaning) {
  for (int64_t e = u->event_offset[row]; e < u->event_offset[row + 1]; e++)
    if (u->event_item[e] == item && u->event_meaning[e] == meaning) return 1;
  return 0;
}

/* 1 if the user did something of this meaning with an item of this title. */
static int did_with_title(const check *c, const users *u, user_row row, language l, int meaning, const char *title) {
  for (int64_t e = u->event_offset[row]; e < u->event_offset[row + 1]; e++)
    if (u->event_meaning[e] == meaning && strcmp(catalogue_title(&c->items, u->event_item[e], l), title) == 0) return 1;
  return 0;
}

/* What each slot may say, straight from the catalogue and the user's events. */
static void find_values(check *c, const part *p, user_row row, language l, arena *a, const char *value[SLOT_COUNT]) {
  static const slot named[EVENT_MEANINGS] = {
      [EVENT_VIEWED] = SLOT_VIEWED, [EVENT_LIKED] = SLOT_LIKED, [EVENT_BOUGHT] = SLOT_BOUGHT};
  const decisions *d = &p->decisions;
  const item_row item = d->item[row], because = d->because[row];
  char *text = NULL;
  memset(value, 0, SLOT_COUNT * sizeof *value);
  value[SLOT_TITLE] = catalogue_title(&c->items, item, l);
  if (c->items.price[item] != CATALOGUE_NO_PRICE) {
    must(slots_price(c->items.price[item], c->job.money, a, &text));
    value[SLOT_PRICE] = text;
  }
  if (c->items.old_price[item] != CATALOGUE_NO_PRICE) {
    must(slots_price(c->items.old_price[item], c->job.money, a, &text));
    value[SLOT_WAS] = text;
  }
  if (c->items.category[item] != CATALOGUE_NO_CATEGORY)
    value[SLOT_CATEGORY] = strings_at(&c->items.category_name[l], c->items.category[item]);
  if (d->keyword[row] >= 0) value[SLOT_KEYWORD] = strings_at(&c->words.word, d->keyword[row]);
  if (because >= 0 && did(&p->users, row, because, d->because_why[row]))
    value[named[d->because_why[row]]] = catalogue_title(&c->items, because, l);
}

/* Digits and currency signs, in whatever width. */
static int has_number(const char *text) {
  static const char *const signs[] = {"%", "$", "£", "€", "¥", "￥", "％"};
  for (const char *at = text; *at != '\0'; at++) {
    if (*at >= '0' && *at <= '9') return 1;
    if (strncmp(at, "\xEF\xBC", 2) == 0 && (unsigned char)at[2] >= 0x90 && (unsigned char)at[2] <= 0x99) return 1;
  }
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (strstr(text, signs[i]) != NULL) return 1;
  return 0;
}

/* The template without its slots. */
static const char *bare(const char *template_text, arena *a) {
  char *out = NULL;
  must(arena_text(a, template_text, strlen(template_text), &out));
  char *to = out;
  for (const char *at = template_text; *at != '\0';) {
    int length = 1;
    if (*at == '<' && slots_at(at, &length) >= 0)
      at += length;
    else
      *to++ = *at++;
  }
  *to = '\0';
  return out;
}

/* Letters of the other language: Latin in Chinese, Han in English. */
static int has_foreign_letters(const char *text, language l) {
  for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
    if (l == LANGUAGE_ZH && ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z'))) return 1;
    if (l == LANGUAGE_EN && *at >= 0xE4 && *at <= 0xE9) return 1; /* U+4000 to U+9FFF */
  }
  return 0;
}

static void check_text(check *c, const part *p, user_row row, const message *m, arena *a) {
  const char *value[SLOT_COUNT];
  slot_set repeated = 0;
  const slot_set used = slots_of(m->template_text, &repeated);
  rule broken = RULE_KEPT;
  find_values(c, p, row, m->language, a, value);
  int is_fillable = !repeated && strpbrk(m->text, "<>") == NULL;
  for (int s = 0; s < SLOT_COUNT; s++)
    if ((used & SLOT_BIT(s)) && (value[s] == NULL || value[s][0] == '\0')) is_fillable = 0;
  if (!is_fillable || (m->source != SOURCE_GENERIC && !(used & SLOT_BIT(SLOT_TITLE))))
    add_fault(c, FAULT_SLOT, m->template_text);
  if (is_fillable && m->source != SOURCE_GENERIC) {
    char *filled = NULL;
    must(slots_fill(m->template_text, value, a, &filled));
    if (strcmp(filled, m->text) != 0) add_fault(c, FAULT_FILLED, m->text);
  }
  const char *own_words = bare(m->template_text, a);
  if (has_number(own_words)) add_fault(c, FAULT_DIGIT, m->template_text);
  if (has_foreign_letters(own_words, m->language)) add_fault(c, FAULT_LANGUAGE, m->template_text);
  must(rules_check_template(c->rules, m->template_text, m->language, m->tone, used, &broken));
  if (broken != RULE_KEPT) add_fault(c, FAULT_RULE, m->template_text);
  must(rules_check_text(c->rules, m->text, &broken));
  if (broken != RULE_KEPT) add_fault(c, FAULT_RULE, m->text);
  if (width_columns(m->text) > c->job.columns || width_utf16(m->text) > c->job.utf16)
    add_fault(c, FAULT_LENGTH, m->text);
}

static void check_reason(check *c, const users *u, user_row row, const message *m) {
  static const char *const lead[LANGUAGE_COUNT][EVENT_MEANINGS] = {
      [LANGUAGE_ZH] = {[EVENT_VIEWED] = "因为你看过", [EVENT_LIKED] = "因为你喜欢", [EVENT_BOUGHT] = "因为你买过"},
      [LANGUAGE_EN] = {[EVENT_VIEWED] = "because you looked at ",
                       [EVENT_LIKED] = "because you liked ",
                       [EVENT_BOUGHT] = "because you bought "}};
  if (m->reason[0] == '\0') return;
  for (int why = 0; why < EVENT_MEANINGS; why++) {
    const char *words_before = lead[m->language][why];
    if (strncmp(m->reason, words_before, strlen(words_before)) == 0 &&
        did_with_title(c, u, row, m->language, why, m->reason + strlen(words_before)))
      return;
  }
  add_fault(c, FAULT_REASON, m->reason);
}

static void check_message(check *c, const part *p, user_row row, const message *m, arena *a) {
  const item_row item = p->decisions.item[row];
  if (p->decisions.outcome[row] != OUTCOME_MESSAGE) {
    add_fault(c, FAULT_USER, "a message for somebody who is not to be written to");
    return;
  }
  if (strcmp(m->item_name, strings_at(&c->items.name, item)) != 0 || !c->items.available[item] ||
      touched(&p->users, row, item))
    add_fault(c, FAULT_ITEM, m->text);
  if (m->language != (language)p->users.language[row]) add_fault(c, FAULT_LANGUAGE, m->text);
  if (m->tone != (tone)p->decisions.tone[row] ||
      (m->tone == TONE_DROP && !(c->items.old_price[item] > c->items.price[item])))
    add_fault(c, FAULT_TONE, m->text);
  if (!(m->probability > 0 && m->probability <= 1) || (m->hour > 23 && m->hour != PROFILE_NO_HOUR))
    add_fault(c, FAULT_FIELD, m->text);
  check_text(c, p, row, m, a);
  check_reason(c, &p->users, row, m);
}

static void remember(check *c, const message *m) {
  if (c->messages == c->capacity) return;
  must(arena_text(&c->arena, m->template_text, strlen(m->template_text), &c->templates[c->messages]));
  c->keys[c->messages] = m->key;
  c->generated += m->source == SOURCE_GENERATED;
  c->messages++;
}

/* Walks the shard and its partition side by side: both ascend by user. */
static void check_shard(check *c, int index, arena *a) {
  const int count = c->manifest.shard_count;
  char *path = NULL;
  part p;
  shard_reader *r = NULL;
  message m;
  int more = 0;
  must(work_file_path(a, c->run, "ingest", "users", index, count, &path));
  must(work_file_load_users(path, c->items.count, a, &p.users));
  must(work_file_path(a, c->run, "decide", "decisions", index, count, &path));
  must(work_file_load_decisions(path, a, &p.decisions));
  must(arena_print(a, &path, "%s/%s", c->run, c->manifest.shards[index].name));
  must(shard_reader_open(path, &r));
  must(shard_reader_next(r, &m, &more));
  for (user_row row = 0; row < p.users.count; row++) {
    const int is_for = more && user_id_compare(m.user, p.users.id[row]) == 0;
    if (!is_for && p.decisions.outcome[row] == OUTCOME_MESSAGE)
      add_fault(c, FAULT_USER, "no message for somebody who should have one");
    if (!is_for) continue;
    check_message(c, &p, row, &m, a);
    remember(c, &m);
    must(shard_reader_next(r, &m, &more));
  }
  if (more) add_fault(c, FAULT_USER, "a message for somebody unknown, or out of order");
  shard_reader_close(r);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int by_key(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static void check_night(check *c, int is_small) {
  int64_t distinct = 0, largest = 0;
  qsort(c->templates, (size_t)c->messages, sizeof *c->templates, by_text);
  qsort(c->keys, (size_t)c->messages, sizeof *c->keys, by_key);
  for (int64_t i = 0, run = 0; i < c->messages; i++) {
    run = i > 0 && strcmp(c->templates[i], c->templates[i - 1]) == 0 ? run + 1 : 1;
    distinct += run == 1;
    largest = run > largest ? run : largest;
    if (i > 0 && c->keys[i] == c->keys[i - 1]) add_fault(c, FAULT_FIELD, "two messages with one key");
  }
  const double messages = c->messages > 0 ? (double)c->messages : 1;
  printf("{\"messages\": %lld, \"generated\": %.4f, \"distinct\": %.4f, \"largest\": %.4f}\n", (long long)c->messages,
         (double)c->generated / messages, (double)distinct / messages, (double)largest / messages);
  if (is_small) return;
  if ((double)c->generated < 0.95 * messages) add_fault(c, FAULT_SHARE, "less than 95 % are generated");
  if ((double)distinct < 0.60 * messages) add_fault(c, FAULT_SHARE, "less than 60 % are unlike all others");
  const double cap = c->job.duplicate_share * messages;
  if ((double)largest > (cap > 1 ? cap : 1)) add_fault(c, FAULT_SHARE, "one text is over its share of the night");
}

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "--small") != 0)) {
    fprintf(stderr, "usage: check_messages RUN [--small]\n");
    return 64;
  }
  static check c;
  c.run = argv[1];
  open_run(&c);
  for (int i = 0; i < c.manifest.shard_count; i++) {
    arena scratch = {0};
    check_shard(&c, i, &scratch);
    arena_free(&scratch);
  }
  check_night(&c, argc == 3);
  int64_t faults = 0;
  for (int i = 0; i < FAULT_COUNT; i++) {
    if (c.faults[i] > 0) printf("%s: %lld\n", fault_name[i], (long long)c.faults[i]);
    faults += c.faults[i];
  }
  rules_free(c.rules);
  arena_free(&c.arena);
  return faults > 0;
}
