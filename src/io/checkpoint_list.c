#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/checkpoint_file.h"
#include "io/file.h"

enum { MOST = 64 };

/* PHASE-0 and PHASE-1: *phase is copied, without the slot. */
static int is_slot(const char *name, arena *a, const char **phase, int *slot) {
  const size_t length = strlen(name);
  char *copy = NULL;
  if (length < 3 || name[length - 2] != '-' || (name[length - 1] != '0' && name[length - 1] != '1')) return 0;
  if (arena_text(a, name, length - 2, &copy) != STATUS_OK) return 0;
  *phase = copy;
  *slot = name[length - 1] - '0';
  return 1;
}

static int by_time(const void *a, const void *b) {
  const checkpoint_head *x = a, *y = b;
  if (x->time != y->time) return x->time < y->time ? -1 : 1;
  if (x->generation != y->generation) return x->generation < y->generation ? -1 : 1;
  return strcmp(x->phase, y->phase);
}

status checkpoint_list(const char *run, const char *stage, arena *a, checkpoint_head **heads, int *count) {
  char *path = NULL;
  *count = 0;
  TRY(ARENA(a, MOST, heads));
  TRY(arena_print(a, &path, "%s/work/%s", run, stage));
  DIR *listed = opendir(path);
  if (listed == NULL) return STATUS_OK;
  status result = STATUS_OK;
  for (const struct dirent *entry = readdir(listed); entry != NULL && *count < MOST; entry = readdir(listed)) {
    const char *phase = NULL;
    int slot = 0, found = 0;
    if (!is_slot(entry->d_name, a, &phase, &slot)) continue;
    result = checkpoint_head_read(run, stage, phase, slot, a, &(*heads)[*count], &found);
    if (result == STATUS_BUG) break;
    *count += found;
    result = STATUS_OK;
  }
  closedir(listed);
  qsort(*heads, (size_t)*count, sizeof **heads, by_time);
  return result;
}

/* A file named shared.nmt, part-… or CHECKPOINT.json, or one of these being written. */
static int is_ours(const char *name) {
  return strncmp(name, "shared.nmt", 10) == 0 || strncmp(name, "part-", 5) == 0 ||
         strncmp(name, "CHECKPOINT.json", 15) == 0;
}

static status remove_files(const char *folder, arena *a) {
  TRY(checkpoint_head_remove(folder));
  DIR *listed = opendir(folder);
  if (listed == NULL)
    return errno == ENOENT || errno == ENOTDIR ? STATUS_OK : file_fault(folder, "list the folder", errno);
  status result = STATUS_OK;
  for (const struct dirent *entry = readdir(listed); entry != NULL && result == STATUS_OK; entry = readdir(listed)) {
    char *path = NULL;
    if (!is_ours(entry->d_name)) continue;
    result = arena_print(a, &path, "%s/%s", folder, entry->d_name);
    if (result == STATUS_OK) result = file_remove(path);
  }
  closedir(listed);
  /* It stays where something else lies in it. */
  if (result == STATUS_OK && rmdir(folder) != 0 && errno != ENOTEMPTY && errno != EEXIST && errno != ENOENT)
    result = file_fault(folder, "remove the folder", errno);
  return result;
}

status checkpoint_remove(const char *run, const char *stage, const char *phase, int slot) {
  arena a = {0};
  char *folder = NULL;
  status result = checkpoint_folder(&a, run, stage, phase, slot, &folder);
  if (result == STATUS_OK) result = remove_files(folder, &a);
  arena_free(&a);
  return result;
}

status checkpoint_remove_all(const char *run, const char *stage) {
  arena a = {0};
  char *path = NULL;
  status result = arena_print(&a, &path, "%s/work/%s", run, stage);
  DIR *listed = result == STATUS_OK ? opendir(path) : NULL;
  if (listed == NULL && result == STATUS_OK && errno != ENOENT) result = file_fault(path, "list the folder", errno);
  while (listed != NULL && result == STATUS_OK) {
    const struct dirent *entry = readdir(listed);
    const char *phase = NULL;
    int slot = 0;
    if (entry == NULL) break;
    if (is_slot(entry->d_name, &a, &phase, &slot)) result = checkpoint_remove(run, stage, phase, slot);
  }
  if (listed != NULL) closedir(listed);
  arena_free(&a);
  return result;
}
