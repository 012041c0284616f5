#include "stages/evaluate_corpus.h"

#include <string.h>

#include "base/hash.h"

static const char *const usual[][CORPUS_PARTS] = {{"ptb.train.txt", "ptb.valid.txt", "ptb.test.txt"},
                                                  {"trainset.csv", "devset.csv", "testset_w_refs.csv"},
                                                  {"train.json", "valid.json", "test.json"},
                                                  {NULL, NULL, NULL},
                                                  {NULL, NULL, NULL}};

static status read_parts(const stage *s, const char *folder, const char *column, evaluate_corpus *out) {
  const char *const list = "inputs.corpus.files";
  const int given = settings_count(s->settings, list);
  if (given != 0 && given != CORPUS_PARTS)
    return status_fail(STATUS_SETTINGS, "%s: %d files are given; name those of train, validation and test", list,
                       given);
  for (int i = 0; i < CORPUS_PARTS; i++) {
    char *path = NULL;
    const char *name = given != 0 ? settings_list_at(s->settings, list, i) : usual[out->format][i];
    TRY(arena_print(s->arena, &path, "%s/%s", folder, name));
    TRY(corpus_file_read(path, out->format, column, s->arena, &out->part[i]));
  }
  return STATUS_OK;
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
  const char *path = settings_text(s->settings, "inputs.corpus.path");
  const char *column = settings_text(s->settings, "inputs.corpus.column");
  out->format = (corpus_format)settings_choice(s->settings, "inputs.corpus.format");
  if (usual[out->format][0] != NULL) return read_parts(s, path, column, out);
  corpus_file all;
  TRY(corpus_file_read(path, out->format, column, s->arena, &all));
  return cut(s, path, &all, out);
}
