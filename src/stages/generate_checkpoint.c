#include "stages/generate_checkpoint.h"

#include <string.h>

#include "io/file.h"
#include "io/tensor_file.h"

enum { TALLY_COUNT = (int)(sizeof(generate_tally) / sizeof(int64_t)) };

static const char name[] = "proposals";

/* Proposals count only for the same stage fingerprint (which covers all settings, inputs and models before). */
static size_t fingerprint_bytes(const stage *s) { return strlen(s->fingerprint) + 1; }

status generate_checkpoint_save(const stage *s, int index, int count, const generate_proposals *p) {
  arena scratch = {0};
  char *path = NULL;
  strings texts;
  status result = strings_create(&scratch, p->text, p->count, &texts);
  if (result == STATUS_OK) result = stage_path(s, s->name, name, index, count, &path);
  if (result == STATUS_OK) {
    tensor_file f = {0};
    tensor_file_add(&f, "fingerprint", TENSOR_U8, (int64_t)fingerprint_bytes(s), 1, s->fingerprint);
    tensor_file_add(&f, "tally", TENSOR_I64, TALLY_COUNT, 1, &p->tally);
    tensor_file_add(&f, "user", TENSOR_I32, p->count, 1, p->user);
    tensor_file_add(&f, "score", TENSOR_F32, p->count, 1, p->score);
    tensor_file_add(&f, "hash", TENSOR_U64, p->count, 1, p->hash);
    tensor_file_add_strings(&f, "text", &texts);
    result = tensor_file_write(path, name, &f);
  }
  arena_free(&scratch);
  return result;
}

static int is_ours(const stage *s, const tensor_file *f) {
  void *bytes = NULL;
  int64_t count = 0;
  return tensor_file_get(f, "fingerprint", TENSOR_U8, -1, 1, &bytes, &count) == STATUS_OK &&
         (size_t)count == fingerprint_bytes(s) && memcmp(bytes, s->fingerprint, (size_t)count) == 0;
}

/* The users named must wait for a text and ascend; anything else was not written by us. */
static int is_sound(const generate_part *p, const generate_proposals *found) {
  for (int64_t i = 0; i < found->count; i++) {
    const user_row row = found->user[i];
    if (row < 0 || row >= p->users.count || !generate_part_waits(p, row)) return 0;
    if (i > 0 && row < found->user[i - 1]) return 0;
  }
  return 1;
}

static status take(const stage *s, const tensor_file *f, generate_proposals *out) {
  void *tally = NULL, *user = NULL, *score = NULL, *hash = NULL;
  int64_t rows = 0;
  strings texts;
  TRY(tensor_file_get(f, "tally", TENSOR_I64, TALLY_COUNT, 1, &tally, &rows));
  TRY(tensor_file_get(f, "user", TENSOR_I32, -1, 1, &user, &out->count));
  TRY(tensor_file_get(f, "score", TENSOR_F32, out->count, 1, &score, &rows));
  TRY(tensor_file_get(f, "hash", TENSOR_U64, out->count, 1, &hash, &rows));
  TRY(tensor_file_get_strings(f, "text", out->count, &texts));
  TRY(ARENA(s->arena, out->count, &out->text));
  for (int64_t i = 0; i < out->count; i++) out->text[i] = strings_at(&texts, i);
  memcpy(&out->tally, tally, sizeof out->tally);
  out->user = user;
  out->score = score;
  out->hash = hash;
  return STATUS_OK;
}

status generate_checkpoint_load(const stage *s, const generate_part *p, int count, generate_proposals *out,
                                int *found) {
  char *path = NULL;
  tensor_file f;
  *out = (generate_proposals){0};
  *found = 0;
  TRY(stage_path(s, s->name, name, p->index, count, &path));
  if (!file_exists(path) || tensor_file_read(path, name, s->arena, &f) != STATUS_OK || !is_ours(s, &f))
    return STATUS_OK;
  *found = take(s, &f, out) == STATUS_OK && is_sound(p, out);
  return STATUS_OK;
}

status generate_checkpoint_remove(const stage *s, int index, int count) {
  char *path = NULL;
  TRY(stage_path(s, s->name, name, index, count, &path));
  return file_remove(path);
}
