#include "text/acts.h"

#include <string.h>
#include <strings.h>

#include "text/slots.h"

/* What is said right before a slot, and the slots that may follow. */
typedef struct act {
  const char *words;
  slot_set allowed;
} act;

enum { BOUGHT = 1 << SLOT_BOUGHT, VIEWED = 1 << SLOT_VIEWED, LIKED = 1 << SLOT_LIKED };

static const act english[] = {
    {"you bought", BOUGHT},
    {"you ordered", BOUGHT},
    {"you booked", BOUGHT},
    {"you chose", BOUGHT},
    {"you picked", BOUGHT},
    {"you have", BOUGHT},
    {"you own", BOUGHT},
    {"thanks for buying", BOUGHT},
    {"thanks for booking", BOUGHT},
    {"thanks for choosing", BOUGHT},
    {"you for buying", BOUGHT},
    {"you for booking", BOUGHT},
    {"you for choosing", BOUGHT},
    {"you looked at", VIEWED},
    {"you viewed", VIEWED},
    {"you read", VIEWED},
    {"you opened", VIEWED},
    {"you watched", VIEWED},
    {"you saw", VIEWED},
    {"been looking at", VIEWED},
    {"a look at", ~0u},
    {"had a look at", VIEWED},
    {"took a look at", VIEWED},
    {"you liked", LIKED},
    {"you loved", LIKED},
    {"you enjoyed", LIKED | VIEWED | BOUGHT},
    {"you rated", LIKED},
    {"you gave", LIKED},
};

static const act chinese[] = {
    {"买过", BOUGHT},     {"买了", BOUGHT},   {"购买了", BOUGHT}, {"购买过", BOUGHT}, {"感谢购买", BOUGHT},
    {"谢谢购买", BOUGHT}, {"订过", BOUGHT},   {"订了", BOUGHT},   {"选择了", BOUGHT}, {"带走过", BOUGHT},
    {"看过", VIEWED},     {"看了", VIEWED},   {"读过", VIEWED},   {"读了", VIEWED},   {"打开过", VIEWED},
    {"浏览过", VIEWED},   {"浏览了", VIEWED}, {"喜欢过", LIKED},  {"收藏过", LIKED},  {"收藏了", LIKED},
    {"点赞过", LIKED},    {"赞过", LIKED},
};

/* Others may have done it: "很多人看过<title>" is a matter of tone, not of the reader. */
static const char *const others[] = {"人", "家", "都", "们"};

static int ends_with(const char *text, size_t length, const char *words) {
  const size_t bytes = strlen(words);
  return length >= bytes && strncasecmp(text + length - bytes, words, bytes) == 0;
}

/* Length without what may stand between the act and the slot. */
static size_t without_marks(const char *text, size_t length) {
  static const char *const marks[] = {" ", "《", "“", "的"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (ends_with(text, length, marks[i])) return without_marks(text, length - strlen(marks[i]));
  return length;
}

static int is_about_others(const char *text, size_t length) {
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (ends_with(text, length, others[i])) return 1;
  return 0;
}

/* The longest act decides: "took a look at" before "a look at". */
static slot_set allowed_after(const char *text, size_t length, language l) {
  const act *acts = l == LANGUAGE_ZH ? chinese : english;
  const size_t count = l == LANGUAGE_ZH ? sizeof chinese / sizeof *chinese : sizeof english / sizeof *english;
  size_t longest = 0;
  slot_set allowed = ~(slot_set)0;
  for (size_t i = 0; i < count; i++) {
    const size_t bytes = strlen(acts[i].words);
    if (bytes <= longest || !ends_with(text, length, acts[i].words)) continue;
    if (l == LANGUAGE_ZH && is_about_others(text, length - bytes)) continue;
    longest = bytes;
    allowed = acts[i].allowed;
  }
  return allowed;
}

slot_set acts_allowed(const char *text, size_t length, language l) {
  return allowed_after(text, without_marks(text, length), l);
}

int acts_hold(const char *template_text, language l) {
  for (const char *at = template_text; *at != '\0';) {
    int bytes = 1;
    const int s = slots_at(at, &bytes);
    if (s >= 0 && (acts_allowed(template_text, (size_t)(at - template_text), l) & SLOT_BIT(s)) == 0) return 0;
    at += s >= 0 ? bytes : 1;
  }
  return 1;
}
