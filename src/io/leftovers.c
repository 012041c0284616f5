#include "io/leftovers.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/file.h"

/* The 64 of NAME-00017-of-00064.EXTENSION, or 0 where a name is not of this form. */
static long count_in(const char *name) {
  const char *of = NULL;
  for (const char *at = strstr(name, "-of-"); at != NULL; at = strstr(at + 1, "-of-")) of = at;
  if (of == NULL || of == name || !isdigit((unsigned char)of[-1]) || !isdigit((unsigned char)of[4])) return 0;
  char *end = NULL;
  const long count = strtol(of + 4, &end, 10);
  return *end == '.' ? count : 0;
}

static int is_left_over(const char *name, int count) {
  const size_t length = strlen(name);
  const long cut = count_in(name);
  return (length > 4 && strcmp(name + length - 4, ".tmp") == 0) || (cut > 0 && cut != count);
}

static status remove_one(const char *folder, const char *name) {
  const size_t size = strlen(folder) + strlen(name) + 2;
  char *path = malloc(size);
  if (path == NULL) return status_fail(STATUS_BUG, "%s: out of memory for a path", folder);
  snprintf(path, size, "%s/%s", folder, name);
  struct stat s;
  const status result = lstat(path, &s) == 0 && S_ISDIR(s.st_mode) ? STATUS_OK : file_remove(path);
  free(path);
  return result;
}

status leftovers_remove(const char *folder, int count) {
  DIR *listed = opendir(folder);
  if (listed == NULL && errno == ENOENT) return STATUS_OK;
  if (listed == NULL) return file_fault(folder, "list the folder", errno);
  status result = STATUS_OK;
  errno = 0;
  for (const struct dirent *entry; result == STATUS_OK && (entry = readdir(listed)) != NULL; errno = 0)
    if (is_left_over(entry->d_name, count)) result = remove_one(folder, entry->d_name);
  if (result == STATUS_OK && errno != 0) result = file_fault(folder, "list the folder", errno);
  closedir(listed);
  return result;
}
