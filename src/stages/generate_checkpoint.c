#include "stages/generate_checkpoint.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"
#include "io/tensor_file.h"

enum { TALLY_COUNT = (int)(sizeof(generate_tally) / sizeof(int64_t)) };

static const char kind[] = "proposals";

static status path_of(const stage *s, int round, int index, int count, char **out) {
  char name[32];
  snprintf(name, sizeof name, round > 0 ? "%s-%d" : "%s", kind, round);
  return stage_path(s, s->name, name, index, count, out);
}

/* Proposals count only for the same stage fingerprint (which covers all settings, inputs and models before). */
static size_t fingerprint_bytes(const stage *s) { return strlen(s->fingerprint) + 1; }

status generate_checkpoint_save(const stage *s, int round, int index, int count, const generate_proposals *p) {
  arena scratch = {0};
  char *path = NULL;
  strings texts;
  status result = strings_create(&scratch, p->text, p->count, &texts);
  if (result == STATUS_OK) result = path_of(s, round, index, count, &path);
  if (result == STATUS_OK) {
    tensor_file f = {0};
    tensor_file_add(&f, "fingerprint", TENSOR_U8, (int64_t)fingerprint_bytes(s), 1, s->fingerprint);
    tensor_file_add(&f, "next", TENSOR_I32, 1, 1, &p->next);
    tensor_file_add(&f, "tally", TENSOR_I64, TALLY_COUNT, 1, &p->tally);
    tensor_file_add(&f, "user", TENSOR_I32, p->count, 1, p->user);
    tensor_file_add(&f, "score", TENSOR_F32, p->count, 1, p->score);
    tensor_file_add(&f, "hash", TENSOR_U64, p->count, 1, p->hash);
    tensor_file_add_strings(&f, "text", &texts);
    result = tensor_file_write(path, kind, &f);
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
  if (found->next < 0 || found->next > p->users.count) return 0;
  for (int64_t i = 0; i < found->count; i++) {
    const user_row row = found->user[i];
    if (row < 0 || row >= found->next || !generate_part_waits(p, row)) return 0;
    if (i > 0 && row < found->user[i - 1]) return 0;
  }
  return 1;
}

static status take(const stage *s, const tensor_file *f, generate_proposals *out) {
  void *next = NULL, *tally = NULL, *user = NULL, *score = NULL, *hash = NULL;
  int64_t rows = 0;
  strings texts;
  TRY(tensor_file_get(f, "next", TENSOR_I32, 1, 1, &next, &rows));
  TRY(tensor_file_get(f, "tally", TENSOR_I64, TALLY_COUNT, 1, &tally, &rows));
  TRY(tensor_file_get(f, "user", TENSOR_I32, -1, 1, &user, &out->count));
  TRY(tensor_file_get(f, "score", TENSOR_F32, out->count, 1, &score, &rows));
  TRY(tensor_file_get(f, "hash", TENSOR_U64, out->count, 1, &hash, &rows));
  TRY(tensor_file_get_strings(f, "text", out->count, &texts));
  TRY(ARENA(s->arena, out->count, &out->text));
  for (int64_t i = 0; i < out->count; i++) out->text[i] = strings_at(&texts, i);
  memcpy(&out->next, next, sizeof out->next);
  memcpy(&out->tally, tally, sizeof out->tally);
  out->user = user;
  out->score = score;
  out->hash = hash;
  return STATUS_OK;
}

status generate_checkpoint_load(const stage *s, int round, const generate_part *p, int count, generate_proposals *out,
                                generate_found *found) {
  char *path = NULL;
  tensor_file f;
  *out = (generate_proposals){0};
  *found = GENERATE_NOTHING;
  TRY(path_of(s, round, p->index, count, &path));
  const status read = tensor_file_read(path, kind, s->arena, &f);
  if (read == STATUS_MISSING) return STATUS_OK;
  if (read == STATUS_BUG) return read;
  *found = GENERATE_DAMAGED;
  if (read != STATUS_OK) return STATUS_OK;
  *found = GENERATE_NOTHING;
  if (!is_ours(s, &f)) return STATUS_OK;
  const int good = take(s, &f, out) == STATUS_OK && is_sound(p, out);
  if (!good) *out = (generate_proposals){0};
  *found = good ? GENERATE_KEPT : GENERATE_DAMAGED;
  return STATUS_OK;
}

status generate_checkpoint_remove(const stage *s, int index, int count) {
  for (int round = 0; round < GENERATE_ROUNDS; round++) {
    char *path = NULL;
    TRY(path_of(s, round, index, count, &path));
    TRY(file_remove(path));
  }
  return STATUS_OK;
}
