/* Slots in a text: finding them, filling them, and putting them in where a line of copy names its facts. */
#ifndef TEXT_SLOTS_H
#define TEXT_SLOTS_H

#include "base/arena.h"
#include "base/status.h"
#include "data/copy.h"

/* Slots that occur in the text; *repeated gets those that occur more than once. */
slot_set slots_of(const char *text, slot_set *repeated);

/* Fills every slot with value[slot]. Fails: STATUS_BUG if a slot in the text has no value (NULL or ""). */
status slots_fill(const char *text, const char *const value[SLOT_COUNT], arena *a, char **out);

/* Replaces the facts of a line about one item by their slots: the longest values first, whole words only. */
status slots_delexicalise(const char *text, const char *const value[SLOT_COUNT], arena *a, char **out);

/* "£2.55" of 255 and the format "£%": '%' stands for the number; whole amounts lose their ".00". */
status slots_price(int64_t hundredths, const char *format, arena *a, char **out);

#endif
