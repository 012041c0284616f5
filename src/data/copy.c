#include "data/copy.h"

#include "data/names.h"

static const char *const tones[TONE_COUNT] = {"pick", "hot", "new", "reminder", "story", "thanks", "drop"};
static const char *const slots[SLOT_COUNT] = {"title",   "price",  "was",    "category",
                                              "keyword", "bought", "viewed", "liked"};

const char *tone_name(tone t) { return tones[t]; }
const char *slot_name(slot s) { return slots[s]; }
int tone_find(const char *name) { return names_find(tones, TONE_COUNT, name); }
int slot_find(const char *name) { return names_find(slots, SLOT_COUNT, name); }
