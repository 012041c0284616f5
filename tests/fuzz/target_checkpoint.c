/* io/checkpoint_file: CHECKPOINT.json, and the list of generations.
 * Input: which slot it stands in, and whether it is sealed by us; the text. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "io/checkpoint_file.h"

/* What was accepted comes back as it was, after it has been written again. */
static void write_again(const char *folder, const checkpoint_head *head, arena *a) {
  checkpoint_head again;
  int found = 0;
  FUZZ_HOLDS(checkpoint_head_write(folder, head) == STATUS_OK);
  FUZZ_HOLDS(checkpoint_head_read(fuzz_folder(), "train", head->phase, head->slot, a, &again, &found) == STATUS_OK);
  FUZZ_HOLDS(found && again.is_sound && again.parts == head->parts && again.bytes == head->bytes &&
             again.step == head->step && again.generation == head->generation && again.time == head->time &&
             strcmp(again.fingerprint, head->fingerprint) == 0);
  for (int i = 0; i <= head->parts; i++)
    FUZZ_HOLDS(strcmp(again.piece[i].digest, head->piece[i].digest) == 0 &&
               again.piece[i].bytes == head->piece[i].bytes);
}

static void look_through(const char *folder, const checkpoint_head *head, arena *a) {
  FUZZ_HOLDS(head->is_sound && head->parts >= 0 && head->bytes >= 0 && head->generation % 2 == head->slot);
  for (int i = 0; i <= head->parts && i < 4; i++) {
    char *path = NULL;
    FUZZ_HOLDS(checkpoint_piece_path(a, folder, i, head->parts, &path) == STATUS_OK);
    const status checked = checkpoint_piece_check(path, &head->piece[i]);
    if (checked != STATUS_OK) fuzz_failed(checked);
  }
  if (head->parts < 100) write_again(folder, head, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  static const char *const names[] = {"work/train/gan-0/CHECKPOINT.json", "work/train/gan-1/CHECKPOINT.json"};
  if (count < 1) return 0;
  arena a = {0};
  char *folder = NULL;
  checkpoint_head head, *all = NULL;
  int found = 0, listed = 0;
  const int slot = bytes[0] & 1;
  fuzz_file("work/train/gan-0/shared.nmt", "not a tensor", 12);
  if (bytes[0] & 2)
    fuzz_file_sealed(names[slot], bytes + 1, count - 1);
  else
    fuzz_file(names[slot], bytes + 1, count - 1);
  FUZZ_HOLDS(checkpoint_folder(&a, fuzz_folder(), "train", "gan", slot, &folder) == STATUS_OK);
  const status read = checkpoint_head_read(fuzz_folder(), "train", "gan", slot, &a, &head, &found);
  FUZZ_HOLDS(found);
  if (read == STATUS_OK) {
    look_through(folder, &head, &a);
  } else {
    FUZZ_HOLDS(!head.is_sound);
    fuzz_failed(read);
  }
  FUZZ_HOLDS(checkpoint_list(fuzz_folder(), "train", &a, &all, &listed) == STATUS_OK && listed >= 1);
  FUZZ_HOLDS(checkpoint_head_remove(folder) == STATUS_OK);
  arena_free(&a);
  return 0;
}
