/* The words of the copy rules (text/rules.h), watched while a text is being written: what a writer may not say is seen
 * before it is said. A text comes in pieces in the form of normalise_fold; slots as WATCH_SLOT. Words that are hidden
 * by pulling their letters apart are left to the rules, which every text is held against in the end. */
#ifndef TEXT_WATCH_H
#define TEXT_WATCH_H

#include <stdint.h>

struct banned; /* text/banned.h */

#define WATCH_SLOT "\xEF\xBF\xBC" /* U+FFFC */

typedef struct watch_words {
  const struct banned *banned;   /* never */
  const struct banned *claims;   /* not outside of harmless phrases */
  const struct banned *harmless; /* phrases in which a claim's word claims nothing */
} watch_words;

/* Where the watch stands; all 0 before a text. */
typedef struct watch {
  uint64_t borders; /* as banned_ending takes them */
  int32_t banned, claims, harmless;
  int16_t owed;      /* 0, or 1 + the bytes read since a claim that only a harmless phrase at work can excuse */
  uint8_t kind, gap; /* of the last character; 1 where separators behind a Han character are held back */
} watch;

/* Reads a piece; 0 if the text now says what it may not, or can only go on to. */
int watch_read(const watch_words *w, const char *piece, watch *at);

/* 0 if the text may not end here. */
int watch_end(const watch_words *w, watch *at);

#endif
