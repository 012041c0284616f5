/* Copy: the lines a platform writes in, with the tones they are in and the slots that facts go into. */
#ifndef DATA_COPY_H
#define DATA_COPY_H

#include <stdint.h>

#include "data/ids.h"
#include "data/language.h"

/* A tone is also a claim: only `hot` may say that many people like it, only `new` that it is new, only `drop` that its
 * price fell. stages/decide gives a tone only where the facts back it. */
typedef enum tone {
  TONE_PICK,     /* today's pick for you */
  TONE_HOT,      /* item among the most popular of its category */
  TONE_NEW,      /* item added within the last nights */
  TONE_REMINDER, /* the user looked at this category and has been away */
  TONE_STORY,    /* a small scene; claims nothing */
  TONE_THANKS,   /* the user has bought before */
  TONE_DROP,     /* old_price > price */
  TONE_COUNT
} tone;

/* Written as <title>, <price>, … in a line of copy. */
typedef enum slot {
  SLOT_TITLE,    /* title of the item, in every line exactly once */
  SLOT_PRICE,    /* its price, formatted with the job's currency */
  SLOT_WAS,      /* its earlier, higher price */
  SLOT_CATEGORY, /* name of its category in the language of the message */
  SLOT_KEYWORD,  /* a word that this user's items share */
  SLOT_BOUGHT,   /* title of an item the user bought */
  SLOT_VIEWED,   /* … looked at, read, watched */
  SLOT_LIKED,    /* … liked or rated highly */
  SLOT_COUNT
} slot;

typedef uint32_t slot_set; /* bit i: slot i */
#define SLOT_BIT(s) ((slot_set)1 << (s))

const char *tone_name(tone t);   /* "pick", … */
const char *slot_name(slot s);   /* "title", … without the brackets */
int tone_find(const char *name); /* -1 if not known */
int slot_find(const char *name);

/* One line to learn from. */
typedef struct copy_line {
  language language;
  domain domain;
  tone tone;
  slot_set slots;
  item_row item;    /* the item the line was written about, or -1 */
  const char *text; /* with slots, NUL-terminated */
} copy_line;

typedef struct copy {
  int64_t count;
  copy_line *lines;
} copy;

#endif
