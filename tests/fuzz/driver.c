/* Runs a target over every file of its corpus, for builds without a fuzzer: `driver CORPUS`. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

static int run(const char *path) {
  FILE *f = fopen(path, "rb");
  if (f == NULL || fseek(f, 0, SEEK_END) != 0) return 0;
  const long size = ftell(f);
  rewind(f);
  /* Exactly as long as the input, so that a sanitizer sees its end. */
  uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1);
  const int whole = size >= 0 && bytes != NULL && fread(bytes, 1, (size_t)size, f) == (size_t)size;
  fclose(f);
  if (whole) LLVMFuzzerTestOneInput(bytes, (size_t)size);
  free(bytes);
  return whole;
}

int main(int argc, char **argv) {
  DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
  if (folder == NULL) {
    fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
    return 64;
  }
  int inputs = 0;
  char path[1024];
  LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%.700s/%.300s", argv[1], entry->d_name);
    if (!run(path)) {
      fprintf(stderr, "%s: cannot be read\n", path);
      closedir(folder);
      return 1;
    }
    inputs++;
  }
  closedir(folder);
  printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
