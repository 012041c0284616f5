#include "data/strings.h"

#include <string.h>

status strings_create(arena *a, const char *const *texts, int64_t count, strings *out) {
  out->count = count;
  TRY(ARENA(a, count + 1, &out->offset));
  for (int64_t i = 0; i < count; i++) {
    const size_t length = texts[i] != NULL ? strlen(texts[i]) : 0;
    out->offset[i + 1] = out->offset[i] + (int64_t)length + 1;
  }
  TRY(ARENA(a, out->offset[count], &out->bytes));
  for (int64_t i = 0; i < count; i++)
    if (texts[i] != NULL) memcpy(out->bytes + out->offset[i], texts[i], strlen(texts[i]));
  return STATUS_OK;
}
