#include <string.h>

#include "text/rnnlg.h"

/* How often the word stands in a text. */
static int count_word(const char *text, const char *word) {
  const size_t length = strlen(word);
  int count = 0;
  for (const char *at = text; (at = strstr(at, word)) != NULL; at += length)
    count += (at == text || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0');
  return count;
}

/* Slots with open values, and how many values of one the corpora have. */
static const struct {
  const char *name;
  int most;
} open_slots[] = {
    {"address", 1},    {"area", 1},       {"count", 1},          {"food", 1},        {"goodformeal", 1},
    {"name", 2},       {"near", 1},       {"phone", 1},          {"postcode", 1},    {"price", 2},
    {"pricerange", 3}, {"battery", 2},    {"batteryrating", 3},  {"design", 2},      {"dimension", 2},
    {"drive", 2},      {"driverange", 3}, {"family", 3},         {"memory", 2},      {"platform", 2},
    {"utility", 2},    {"warranty", 2},   {"weight", 2},         {"weightrange", 3}, {"hdmiport", 3},
    {"ecorating", 3},  {"audio", 2},      {"accessories", 2},    {"color", 2},       {"powerconsumption", 2},
    {"resolution", 2}, {"screensize", 2}, {"screensizerange", 3}};

/* Words that tell that a slot with a closed value is spoken of. */
static const char *const closed_slots[][6] = {
    {"kidsallowed", "child", "kid", "kids", "children"},
    {"dogsallowed", "dog", "dogs", "puppy"},
    {"hasinternet", "internet", "wifi"},
    {"acceptscreditcards", "card", "cards"},
    {"isforbusinesscomputing", "business", "nonbusiness", "home", "personal", "general"},
    {"hasusbport", "usb"}};

/* Slots of the name whose value is open, or is one of the closed ones. */
static int wanted(const meaning *m, const char *name, int open) {
  int count = 0;
  for (int i = 0; i < m->count; i++)
    count += strcmp(m->slot[i].name, name) == 0 && m->slot[i].is_open == open && strcmp(m->slot[i].value, "?") != 0;
  return count;
}

static int distance(int x, int y) { return x > y ? x - y : y - x; }

rnnlg_error rnnlg_errors(const meaning *m, const char *hidden) {
  rnnlg_error e = {0};
  if (strcmp(m->act, "?select") == 0 || strcmp(m->act, "suggest") == 0) return e;
  for (int i = 0; i < (int)(sizeof open_slots / sizeof *open_slots); i++) {
    char token[40] = "SLOT_";
    for (int k = 0; open_slots[i].name[k]; k++) token[5 + k] = (char)(open_slots[i].name[k] - 32);
    const int given = wanted(m, open_slots[i].name, 1), want = given < open_slots[i].most ? given : open_slots[i].most;
    e.open += distance(want, count_word(hidden, token));
    e.slots += want;
  }
  e.wrong = e.open;
  for (int i = 0; i < (int)(sizeof closed_slots / sizeof *closed_slots); i++) {
    int said = 0;
    for (int k = 1; k < 6 && closed_slots[i][k] != NULL; k++) said += count_word(hidden, closed_slots[i][k]);
    const int want = wanted(m, closed_slots[i][0], 0);
    e.wrong += distance(want, said);
    e.slots += want;
  }
  return e;
}
