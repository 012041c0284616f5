/* What a text is to say: a dialogue act and slots with values, as corpora of data-to-text write it. Values that stand
 * for themselves (names, numbers) are open: a text holds SLOT_NAME in their place, and they are filled in afterwards.
 */
#ifndef TEXT_MEANING_H
#define TEXT_MEANING_H

#include "text/lexicon.h"

enum { MEANING_SLOTS = 64 };

typedef struct meaning_slot {
  char *name;  /* in lower case, without spaces or underscores where the corpus is RNNLG */
  char *value; /* "?" where there is none */
  int is_open;
} meaning_slot;

typedef struct meaning {
  char *act;
  int count;
  meaning_slot slot[MEANING_SLOTS];
} meaning;

/* "inform(name='fifth floor';area=dont_care)" by the rules of the RNNLG repository: yes, no, none and dontcare are
 * values that are not open, all others are. Fails: STATUS_DATA without a bracket, or with more than MEANING_SLOTS. */
status meaning_read_rnnlg(const char *text, arena *a, meaning *out);

/* "name[Blue Spice], area[riverside]" of the E2E challenge; name and near are open, and in lower case as texts are.
 * Fails: as above. */
status meaning_read_e2e(const char *text, arena *a, meaning *out);

/* "类型#裙*材质#针织" of AdvertiseGen: attributes and values, none of them open. Fails: as above. */
status meaning_read_attributes(const char *text, arena *a, meaning *out);

/* What it is made of as words of `features`, distinct and sorted by name: "a.ACT", "sv.SLOT._1" (the first open value
 * of the slot), "sv.SLOT.VALUE". Features that are new are added where `adds`, else left out. The key names the set. */
status meaning_features(const meaning *m, lexicon *features, int adds, arena *a, word_ids *out, char **key);

/* Open values in a text of words and single spaces give way to "SLOT_NAME": the longest first, once each or (`all`)
 * wherever it stands; lists ("a and b", "a or b") match in any order. */
status meaning_hide(const meaning *m, const char *text, int all, arena *a, char **out);

/* And back, each value once or (`all`) wherever its slot stands; "SLOT_TYPE" that is left becomes `domain`. */
status meaning_fill(const meaning *m, const char *text, const char *domain, int all, arena *a, char **out);

#endif
