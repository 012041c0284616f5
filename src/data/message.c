#include "data/message.h"

const char *source_name(source s) {
  static const char *const names[SOURCE_COUNT] = {"generated", "template", "generic"};
  return names[s];
}
