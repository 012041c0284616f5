/* Slots in a text: finding them, filling them, and putting them in where a line of copy names its facts. */
#ifndef TEXT_SLOTS_H
#define TEXT_SLOTS_H

#include "base/arena.h"
#include "base/status.h"
#include "data/copy.h"

/* The slot that begins at text (which points to a '<'), and its length in bytes, brackets included; -1 if none does. */
int slots_at(const char *text, int *length);

/* Slots that occur in the text; *repeated (NULL allowed) gets those that occur more than once. */
slot_set slots_of(const char *text, slot_set *repeated);

/* Fills every slot with value[slot]. Fails: STATUS_BUG if a slot in the text has no value (NULL or ""). */
status slots_fill(const char *text, const char *const value[SLOT_COUNT], arena *a, char **out);

/* Replaces the facts of a line about one item by their slots: the longest values first, whole words only, ASCII letters
 * in either case. A value of NULL or "" is no fact. Slots that stand in the text already are left as they are. */
status slots_delexicalise(const char *text, const char *const value[SLOT_COUNT], arena *a, char **out);

/* "£2.55" of 255 and the format "£%": '%' stands for the number; whole amounts lose their ".00".
 * Fails: STATUS_SETTINGS if the format holds no '%'. */
status slots_price(int64_t hundredths, const char *format, arena *a, char **out);

#endif
