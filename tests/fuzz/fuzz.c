#include "fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/digest.h"

enum { PATH_ROOM = 512, NAMES_MOST = 8, PATHS = 8 };

static char folder[PATH_ROOM / 2];
static const char *names[NAMES_MOST];
static int name_count;

_Noreturn void fuzz_broken(const char *file, int line, const char *condition) {
  fprintf(stderr, "%s:%d: does not hold: %s\nlast sentence: %s\n", file, line, condition, status_text());
  abort();
}

/* Removes the files, and the folders that they stood in. */
static void clear(void) {
  char path[PATH_ROOM];
  for (int i = 0; i < name_count; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    unlink(path);
    for (char *slash = strrchr(path, '/'); slash > path + strlen(folder); slash = strrchr(path, '/')) {
      *slash = '\0';
      rmdir(path);
    }
  }
  rmdir(folder);
}

const char *fuzz_folder(void) {
  if (folder[0] != '\0') return folder;
  const char *place = getenv("FUZZ_FOLDER");
  if (place == NULL || place[0] == '\0') place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  snprintf(folder, sizeof folder, "%s/nightmail-fuzz-XXXXXX", place);
  if (mkdtemp(folder) == NULL) {
    fprintf(stderr, "%s: cannot make a folder for the inputs\n", folder);
    exit(1);
  }
  atexit(clear);
  return folder;
}

static void note(const char *name) {
  for (int i = 0; i < name_count; i++)
    if (strcmp(names[i], name) == 0) return;
  FUZZ_HOLDS(name_count < NAMES_MOST);
  names[name_count++] = name;
}

static void make_parents(const char *path) {
  char parent[PATH_ROOM];
  snprintf(parent, sizeof parent, "%s", path);
  for (char *slash = strchr(parent + strlen(folder) + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(parent, 0700);
    *slash = '/';
  }
}

const char *fuzz_file(const char *name, const void *bytes, size_t count) {
  static char paths[PATHS][PATH_ROOM];
  static int next;
  char *path = paths[next++ % PATHS];
  snprintf(path, PATH_ROOM, "%s/%s", fuzz_folder(), name);
  note(name);
  make_parents(path);
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  FUZZ_HOLDS(fd >= 0);
  for (size_t done = 0; done < count;) {
    const ssize_t wrote = write(fd, (const char *)bytes + done, count - done);
    FUZZ_HOLDS(wrote > 0);
    done += (size_t)wrote;
  }
  close(fd);
  return path;
}

void fuzz_failed(status s) {
  FUZZ_HOLDS(s == STATUS_DATA || s == STATUS_MISSING || s == STATUS_SETTINGS);
  const size_t length = strlen(status_text());
  FUZZ_HOLDS(length > 0 && length < STATUS_TEXT_SIZE);
}

const char *fuzz_file_sealed(const char *name, const void *bytes, size_t count) {
  static const char start[] = ",\n  \"digest\": \"", end[] = "\"\n}\n";
  const size_t length = count + sizeof start - 1 + DIGEST_TEXT - 1 + sizeof end - 1;
  char *text = malloc(length), digest[DIGEST_TEXT];
  FUZZ_HOLDS(text != NULL);
  digest_bytes(bytes, count, digest);
  memcpy(text, bytes, count);
  memcpy(text + count, start, sizeof start - 1);
  memcpy(text + count + sizeof start - 1, digest, DIGEST_TEXT - 1);
  memcpy(text + length - (sizeof end - 1), end, sizeof end - 1);
  const char *path = fuzz_file(name, text, length);
  free(text);
  return path;
}
