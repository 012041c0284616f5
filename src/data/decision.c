#include "data/decision.h"

const char *outcome_name(outcome o) {
  static const char *const names[OUTCOME_COUNT] = {"messages", "suppressed", "held_out", "no_candidate"};
  return names[o];
}
