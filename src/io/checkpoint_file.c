#include "io/checkpoint_file.h"

#include <string.h>

#include "io/file.h"
#include "io/sealed_json.h"

static const char head_name[] = "CHECKPOINT.json";

status checkpoint_folder(arena *a, const char *run, const char *stage, const char *phase, int slot, char **out) {
  return arena_print(a, out, "%s/work/%s/%s-%d", run, stage, phase, slot);
}

static status piece_name(arena *a, int index, int parts, char **out) {
  if (index == 0) return arena_print(a, out, "shared.nmt");
  return arena_print(a, out, "part-%05d-of-%05d.nmt", index - 1, parts);
}

status checkpoint_piece_path(arena *a, const char *folder, int index, int parts, char **out) {
  char *name = NULL;
  TRY(piece_name(a, index, parts, &name));
  return arena_print(a, out, "%s/%s", folder, name);
}

status checkpoint_piece_read(const char *path, checkpoint_piece *out) {
  int64_t modified = 0;
  TRY(file_stat(path, &out->bytes, &modified));
  return digest_file(path, out->digest);
}

status checkpoint_piece_check(const char *path, const checkpoint_piece *named) {
  checkpoint_piece is;
  int64_t modified = 0;
  TRY(file_stat(path, &is.bytes, &modified));
  if (is.bytes != named->bytes)
    return status_fail(STATUS_DATA, "%s: has %lld bytes, its checkpoint names %lld", path, (long long)is.bytes,
                       (long long)named->bytes);
  TRY(digest_file(path, is.digest));
  if (memcmp(is.digest, named->digest, sizeof is.digest) != 0)
    return status_fail(STATUS_DATA, "%s: is not the file that its checkpoint names: the digest does not match", path);
  return STATUS_OK;
}

static status print_pieces(json_writer *w, const checkpoint_head *h) {
  json_writer_open(w, "files", '[');
  for (int i = 0; i <= h->parts; i++) {
    char *name = NULL;
    TRY(piece_name(w->arena, i, h->parts, &name));
    json_writer_open(w, NULL, '{');
    json_writer_text(w, "name", name);
    json_writer_integer(w, "bytes", h->piece[i].bytes);
    json_writer_text(w, "digest", h->piece[i].digest);
    json_writer_close(w, '}');
  }
  json_writer_close(w, ']');
  return STATUS_OK;
}

status checkpoint_head_write(const char *folder, const checkpoint_head *h) {
  arena a = {0};
  status result = STATUS_OK;
  char *path = NULL;
  json_writer w = json_writer_start(&a);
  TRY_DONE(result, arena_print(&a, &path, "%s/%s", folder, head_name));
  json_writer_open(&w, NULL, '{');
  json_writer_integer(&w, "format", 1);
  json_writer_text(&w, "phase", h->phase);
  json_writer_text(&w, "fingerprint", h->fingerprint);
  json_writer_integer(&w, "generation", h->generation);
  json_writer_integer(&w, "step", h->step);
  json_writer_integer(&w, "time", h->time);
  json_writer_integer(&w, "parts", h->parts);
  TRY_DONE(result, print_pieces(&w, h));
  result = sealed_json_write(path, &w);
done:
  arena_free(&a);
  return result;
}

static status take_piece(const json_t *object, const char *path, int index, arena *a, checkpoint_head *out) {
  const char *name = NULL, *digest = NULL;
  char *expected = NULL;
  checkpoint_piece *piece = &out->piece[index];
  TRY(piece_name(a, index, out->parts, &expected));
  TRY(sealed_json_text(object, path, "name", a, &name));
  TRY(sealed_json_text(object, path, "digest", a, &digest));
  TRY(sealed_json_integer(object, path, "bytes", &piece->bytes));
  if (strcmp(name, expected) != 0 || strlen(digest) != DIGEST_TEXT - 1 || piece->bytes < 0 ||
      __builtin_add_overflow(out->bytes, piece->bytes, &out->bytes))
    return status_fail(STATUS_DATA, "%s: its list of files contradicts itself", path);
  memcpy(piece->digest, digest, DIGEST_TEXT);
  return STATUS_OK;
}

static status take_head(const json_t *root, const char *path, arena *a, checkpoint_head *out) {
  int64_t format = 0, parts = 0;
  const json_t *files = NULL;
  TRY(sealed_json_integer(root, path, "format", &format));
  if (format != 1) return status_fail(STATUS_DATA, "%s: of format %lld, not 1", path, (long long)format);
  TRY(sealed_json_text(root, path, "phase", a, &out->phase));
  TRY(sealed_json_text(root, path, "fingerprint", a, &out->fingerprint));
  TRY(sealed_json_integer(root, path, "generation", &out->generation));
  TRY(sealed_json_integer(root, path, "step", &out->step));
  TRY(sealed_json_integer(root, path, "time", &out->time));
  TRY(sealed_json_integer(root, path, "parts", &parts));
  TRY(sealed_json_member(root, path, "files", JSON_ARRAY, &files));
  const int64_t count = (int64_t)json_array_size(files);
  if (parts < 0 || parts > INT32_MAX - 1 || count != 1 + parts || out->generation < 1 || out->step < 0)
    return status_fail(STATUS_DATA, "%s: its numbers contradict each other", path);
  out->parts = (int)parts;
  TRY(ARENA(a, count, &out->piece));
  for (int i = 0; i < count; i++) TRY(take_piece(json_array_get(files, (size_t)i), path, i, a, out));
  return STATUS_OK;
}

status checkpoint_head_read(const char *run, const char *stage, const char *phase, int slot, arena *a,
                            checkpoint_head *out, int *found) {
  char *folder = NULL, *path = NULL;
  json_t *root = NULL;
  *out = (checkpoint_head){.phase = phase, .slot = slot};
  TRY(checkpoint_folder(a, run, stage, phase, slot, &folder));
  TRY(arena_print(a, &path, "%s/%s", folder, head_name));
  status result = sealed_json_read(path, a, &root);
  *found = result != STATUS_MISSING;
  if (!*found) return STATUS_OK;
  if (result == STATUS_OK) result = take_head(root, path, a, out);
  json_decref(root);
  if (result == STATUS_OK && (strcmp(out->phase, phase) != 0 || out->generation % CHECKPOINT_SLOTS != slot))
    result = status_fail(STATUS_DATA, "%s: belongs to generation %lld of %s, not into this folder", path,
                         (long long)out->generation, out->phase);
  out->is_sound = result == STATUS_OK;
  if (!out->is_sound) *out = (checkpoint_head){.phase = phase, .slot = slot};
  return result;
}

status checkpoint_head_remove(const char *folder) {
  arena a = {0};
  char *path = NULL;
  status result = arena_print(&a, &path, "%s/%s", folder, head_name);
  if (result == STATUS_OK) result = file_remove(path);
  arena_free(&a);
  return result;
}
