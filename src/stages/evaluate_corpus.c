#include "stages/evaluate_corpus.h"

#include <string.h>

#include "base/hash.h"

static const char *const usual[][CORPUS_PARTS] = {{"ptb.train.txt", "ptb.valid.txt", "ptb.test.txt"},
                                                  {"trainset.csv", "devset.csv", "testset_w_refs.csv"},
                                                  {"train.json", "valid.json", "test.json"},
                                                  {NULL, NULL, NULL},
                                                  {NULL, NULL, NULL}};

static corpus_format format_of(const settings *s) { return (corpus_format)settings_choice(s, "inputs.corpus.format"); }

status evaluate_corpus_path(const settings *s, corpus_part part, arena *a, char **out) {
  const char *const list = "inputs.corpus.files", *folder = settings_text(s, "inputs.corpus.path");
  const int given = settings_count(s, list);
  if (usual[format_of(s)][part] == NULL) return arena_print(a, out, "%s", folder);
  if (given != 0 && given != CORPUS_PARTS)
    return status_fail(STATUS_SETTINGS, "%s: %d files are given; name those of train, validation and test", list,
                       given);
  const char *name = given != 0 ? settings_list_at(s, list, (int)part) : usual[format_of(s)][part];
  return arena_print(a, out, "%s/%s", folder, name);
}

/* Of twenty parts by hash, two are the test and the one after them the validation. */
static corpus_part part_of(const corpus_row *row, int64_t fold) {
  const uint64_t at = (hash_bytes(row->text, strlen(row->text), 0) + 20 - 2 * (uint64_t)fold) % 20;
  return at < 2 ? CORPUS_TEST : at == 2 ? CORPUS_VALIDATION : CORPUS_TRAIN;
}

static status cut(const stage *s, const char *path, const corpus_file *all, evaluate_corpus *out) {
  const int64_t fold = settings_int(s->settings, "inputs.corpus.fold");
  for (int i = 0; i < CORPUS_PARTS; i++) {
    corpus_file *part = &out->part[i];
    *part = (corpus_file){0};
    TRY(ARENA(s->arena, all->count, &part->row));
    for (int64_t k = 0; k < all->count; k++)
      if ((int)part_of(&all->row[k], fold) == i) part->row[part->count++] = all->row[k];
    if (part->count == 0) return status_fail(STATUS_DATA, "%s: too few texts to cut it into parts", path);
  }
  out->part[CORPUS_TRAIN].left_out = all->left_out;
  return STATUS_OK;
}

status evaluate_corpus_read(const stage *s, evaluate_corpus *out) {
  const char *column = settings_text(s->settings, "inputs.corpus.column");
  char *path = NULL;
  out->format = format_of(s->settings);
  for (int i = 0; i < CORPUS_PARTS; i++) {
    TRY(evaluate_corpus_path(s->settings, (corpus_part)i, s->arena, &path));
    if (usual[out->format][i] == NULL) break;
    TRY(corpus_file_read(path, out->format, column, s->arena, &out->part[i]));
  }
  if (usual[out->format][0] != NULL) return STATUS_OK;
  corpus_file all;
  TRY(corpus_file_read(path, out->format, column, s->arena, &all));
  return cut(s, path, &all, out);
}
