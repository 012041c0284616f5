#include "io/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

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
