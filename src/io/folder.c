#include "io/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "io/file.h"

static int is_whole(const char *name, const char *prefix) {
  const size_t length = strlen(name);
  if (length > 4 && strcmp(name + length - 4, ".tmp") == 0) return 0;
  return strncmp(name, prefix, strlen(prefix)) == 0;
}

status folder_count(const char *folder, const char *prefix, int64_t *count, uint64_t *hash) {
  *count = 0;
  *hash = 0;
  DIR *listed = opendir(folder);
  if (listed == NULL && errno == ENOENT) return STATUS_OK;
  if (listed == NULL) return file_fault(folder, "list the folder", errno);
  for (const struct dirent *entry = readdir(listed); entry != NULL; entry = readdir(listed)) {
    struct stat s;
    if (!is_whole(entry->d_name, prefix) || fstatat(dirfd(listed), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    ++*count;
    *hash += hash_bytes(entry->d_name, strlen(entry->d_name), (uint64_t)s.st_size);
  }
  closedir(listed);
  return STATUS_OK;
}

void folder_remove(const char *folder) {
  char path[PATH_MAX];
  DIR *listed = opendir(folder);
  if (listed == NULL) return;
  for (const struct dirent *entry = readdir(listed); entry != NULL; entry = readdir(listed)) {
    struct stat s;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path || lstat(path, &s) != 0)
      continue;
    if (S_ISDIR(s.st_mode))
      folder_remove(path);
    else
      unlink(path);
  }
  closedir(listed);
  rmdir(folder);
}
