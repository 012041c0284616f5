#include "io/nights.h"

#include <dirent.h>
#include <string.h>

#include "io/file.h"

static status has_work(const char *job, const char *name, arena *a, int *found) {
  static const char *const stages[] = {"train", "factorise", "ingest"};
  *found = 0;
  for (size_t i = 0; i < sizeof stages / sizeof *stages && !*found; i++) {
    char *path = NULL;
    TRY(arena_print(a, &path, "%s/%s/work/%s/DONE.json", job, name, stages[i]));
    *found = file_exists(path);
  }
  return STATUS_OK;
}

static status look(DIR *folder, const char *job, arena *a, char **last) {
  for (const struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
    int found = 0;
    if (e->d_name[0] == '.' || (*last != NULL && strcmp(e->d_name, *last) <= 0)) continue;
    TRY(has_work(job, e->d_name, a, &found));
    if (found) TRY(arena_print(a, last, "%s", e->d_name));
  }
  return STATUS_OK;
}

status nights_latest(const char *job, arena *a, const char **out) {
  char *last = NULL, *path = NULL;
  *out = NULL;
  DIR *folder = opendir(job);
  if (folder == NULL) return STATUS_OK;
  status result = look(folder, job, a, &last);
  closedir(folder);
  if (result == STATUS_OK && last != NULL) result = arena_print(a, &path, "%s/%s", job, last);
  if (result == STATUS_OK) *out = path;
  return result;
}
