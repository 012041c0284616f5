/* stages/ingest_catalogue: a catalogue file as four kinds of platform write it, then saved and loaded as ingest does.
 * Input: which kind; the text. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz/stage_alone.h"
#include "io/work_file.h"
#include "stages/ingest_catalogue.h"

enum { KINDS = 4, ASSIGNMENTS_MOST = 16 };

static const char *const kinds[KINDS][ASSIGNMENTS_MOST] = {
    {"inputs.catalogue.columns.title_zh=title_zh", "inputs.catalogue.columns.title_en=title_en",
     "inputs.catalogue.columns.category_zh=category_zh", "inputs.catalogue.columns.category_en=category_en",
     "inputs.catalogue.columns.keywords_en=keywords_en", "inputs.catalogue.columns.price=price",
     "inputs.catalogue.columns.old_price=old_price", "inputs.catalogue.columns.added=added",
     "inputs.catalogue.columns.available=available", "inputs.catalogue.columns.domain=domain"},
    {"inputs.catalogue.format=pipe", "inputs.catalogue.encoding=latin-1",
     "inputs.catalogue.names=id,title,released,War,Drama", "inputs.catalogue.columns.item=id",
     "inputs.catalogue.columns.title=title", "inputs.catalogue.columns.added=released",
     "inputs.catalogue.added_format=%d-%b-%Y", "inputs.catalogue.flags=Drama,War", "inputs.catalogue.domain=film",
     "inputs.catalogue.article_first=true", "language=en"},
    {"inputs.catalogue.format=tsv", "inputs.catalogue.columns.title=title", "inputs.catalogue.columns.price=price",
     "inputs.catalogue.columns.added=added", "inputs.catalogue.added_format=%e %B %y %I:%M:%S %p %z",
     "inputs.catalogue.capitalise=true", "inputs.catalogue.title_columns=8", "language=en"},
    {"inputs.catalogue.encoding=gb18030", "inputs.catalogue.columns.title=title",
     "inputs.catalogue.columns.category=category", "inputs.catalogue.columns.added=added",
     "inputs.catalogue.added_format=unix", "language=zh"}};

static const settings *settings_of(int kind) {
  static settings *made[KINDS];
  if (made[kind] != NULL) return made[kind];
  const char *assignments[ASSIGNMENTS_MOST + 2] = {NULL};
  char path[600];
  snprintf(path, sizeof path, "inputs.catalogue.path=%s/items.csv", fuzz_folder());
  assignments[0] = path;
  for (int i = 0; i < ASSIGNMENTS_MOST && kinds[kind][i] != NULL; i++) assignments[i + 1] = kinds[kind][i];
  made[kind] = stage_alone_settings(assignments);
  return made[kind];
}

static void check_text(const strings *s, int64_t i) {
  FUZZ_HOLDS(utf8_is_valid(strings_at(s, i), (size_t)strings_length(s, i)));
}

static void check(const catalogue *c) {
  for (int32_t i = 0; i < c->count; i++) {
    FUZZ_HOLDS(i == 0 || item_id_compare(c->id[i - 1], c->id[i]) < 0);
    FUZZ_HOLDS(c->category[i] >= CATALOGUE_NO_CATEGORY && c->category[i] < c->categories);
    FUZZ_HOLDS(c->price[i] >= CATALOGUE_NO_PRICE && c->domain[i] < DOMAIN_COUNT && c->available[i] < 2);
    FUZZ_HOLDS(c->old_price[i] == CATALOGUE_NO_PRICE || c->old_price[i] > c->price[i]);
    FUZZ_HOLDS(catalogue_title(c, i, LANGUAGE_EN)[0] != '\0' && strings_at(&c->name, i)[0] != '\0');
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
      check_text(&c->title[l], i);
      check_text(&c->keywords[l], i);
    }
  }
}

static void save_and_load(const catalogue *c, arena *a) {
  char path[600];
  catalogue again;
  snprintf(path, sizeof path, "%s", fuzz_file("items.nmt", "", 0));
  FUZZ_HOLDS(work_file_save_catalogue(path, c) == STATUS_OK);
  FUZZ_HOLDS(work_file_load_catalogue(path, a, &again) == STATUS_OK);
  FUZZ_HOLDS(again.count == c->count && again.categories == c->categories);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  if (count < 1) return 0;
  arena a = {0};
  ingest_rejects rejects = {0};
  catalogue items;
  const comm c = {.rank = 0, .size = 1};
  const stage alone = stage_alone(&c, settings_of(bytes[0] % KINDS), &a);
  fuzz_file("items.csv", bytes + 1, count - 1);
  const status result = ingest_catalogue_read(&alone, &rejects, &items);
  if (result == STATUS_OK) {
    check(&items);
    int64_t rejected = 0;
    for (int i = 0; i < INGEST_REASONS; i++) rejected += rejects.count[i];
    FUZZ_HOLDS(rejects.read == items.count + rejected);
    save_and_load(&items, &a);
  } else {
    fuzz_failed(result);
  }
  ingest_rejects_free(&rejects);
  arena_free(&a);
  return 0;
}
