#include "text/e2e.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define YOUNG "(child|children|family|kids|kid)"
#define GROUPS "(kids?|child(ren)?|famil(y|ies))"
#define WORDS(most) "([[:alnum:]_]+ ){0," most "}"
#define AFTER(most) "( [[:alnum:]_]+){0," most "}"
#define STARS(digit, word)                           \
  "(" digit "|" word ")[- ]+stars?|(" digit "|" word \
  ")( out)? of (5|five)|"                            \
  "(rat(ings?|e[ds]?)|reviews?|standards?|quality)" AFTER("2") " (as )?"
#define RATED "([ -]+[[:alnum:]_]+){0,2}[ -]+(rat(ings?|ed)|reviews?|standards?|quality)"
#define PRICES "prices?( range)?" AFTER("3") " "
#define CHEAP "(inexpensive|cheap)(ly)?|affordabl[ey]|low[- ]+price[ds]?|" PRICES "low"
#define DEAR "high[- ]+price[ds]?|expensive|" PRICES "high"
#define MIDDLE \
  "(moderate|reasonable|ok|average)(ly)?[- ]+price[ds]?|affordable|" PRICES "(ok|average|moderate|reasonable)"

/* Realisations of each value, whole words in any case; é is written e, and a pound sign #. Where two values may be
 * meant and neither is asked for, the first counts. */
static const char *const realisation[][3] = {
    {"area", "city centre", "(city|town) cent(re|er)|cent(re|er) of (the )?(city|town)|in the cent(re|er)"},
    {"area", "riverside", "riverside|(near|by|at|close to|along|on|off|beside) the river"},
    {"eattype", "coffee shop", "coffee[- ]+shop|cafe|coffee"},
    {"eattype", "pub", "pub"},
    {"eattype", "restaurant", "restaurant"},
    {"familyfriendly", "no",
     "(isn't|not|non|no)[ -]+" WORDS("2") YOUNG
     "[ -]+(friendly|orien(ta)?ted)|" YOUNG
     "[ -]+unfriendly|adults?[ -]+only|only for adults|(no|not) (kids|children|famil(y|ies))|"
     "(not|no)( good| suitable| friendly| orien(ta)?ted| open(ed)?)? (at|for|to|with)( the)? "
     "(kids|children|family|families|all age)|" GROUPS " (are|is)(n't| not) (welcome|allowed|accepted)|"
     "(does not|doesn't) (welcome|allow|accept) " WORDS("2") "(kids?|child(ren)?|famil(y|ies)|all age)|"
                                                             "adult (establishment|venue|place|establish)"},
    {"familyfriendly", "yes",
     "for (kids|children|family|families)|family place|place to bring the( whole)? family|"
     "(friendly|suitable|good|orien(ta)?ted|open(ed)) (at|with|to|for)( the)(kids?|child(ren)?|famil(y|ies)?|all "
     "age)|" YOUNG "[ -]+(friendly|orien(ta)?ted)|" GROUPS " (are|is) (welcome|allowed|accepted)|"
     "(welcomes?|allows?|accepts?) " WORDS("2") "(kids?|child(ren)?|famil(y|ies)|all age)"},
    {"food", "chinese", "chinese|chines"},
    {"food", "english", "english|british"},
    {"food", "fast food", "fast food"},
    {"food", "french", "french"},
    {"food", "indian", "indian"},
    {"food", "italian", "italian"},
    {"food", "japanese", "japanese"},
    {"pricerange", "cheap", CHEAP},
    {"pricerange", "less than #20", CHEAP "|(less than|under) #? *20|moderately priced"},
    {"pricerange", "more than #30", "(more than|over) #? *30|not cheap|" DEAR},
    {"pricerange", "high", DEAR},
    {"pricerange", "moderate", "not cheap|mid[- ]+(range[- ]+)price[ds]?|" MIDDLE},
    {"pricerange", "#20-25", "#? *20 *(-*|to) *25|" MIDDLE},
    {"customerrating", "1 out of 5", STARS("1", "one") "(low|bad|poor)|(low|bad|poor)(ly)?" RATED},
    {"customerrating", "3 out of 5", STARS("3", "three") "average|average(ly)?" RATED},
    {"customerrating", "5 out of 5", STARS("5", "five") "high|(high|excellent|very good|great)(ly)?" RATED},
    {"customerrating", "high", STARS("5", "five") "high|(high|excellent|very good|great|well)(ly)?" RATED},
    {"customerrating", "average", STARS("3", "three") "average|(average|good|well)(ly)?" RATED},
    {"customerrating", "low",
     STARS("1", "one") "(low|bad|poor)|(low|bad|poor|does ?n[o']t have good|(is)?n[o']t (well|good))(ly)?" RATED}};

enum { VALUES = sizeof realisation / sizeof *realisation, MATCHES = 64 };

struct e2e {
  arena memory;
  regex_t pattern[VALUES];
  int compiled;
};

void e2e_close(e2e *e) {
  if (e == NULL) return;
  for (int i = 0; i < e->compiled; i++) regfree(&e->pattern[i]);
  arena memory = e->memory; /* it stands in there itself */
  arena_free(&memory);
}

static status compile(e2e *e, arena *a) {
  for (; e->compiled < VALUES; e->compiled++) {
    char *whole = NULL;
    TRY(arena_print(a, &whole, "\\b(%s)\\b", realisation[e->compiled][2]));
    if (regcomp(&e->pattern[e->compiled], whole, REG_EXTENDED | REG_ICASE) != 0)
      return status_fail(STATUS_BUG, "the pattern `%s` cannot be compiled", whole);
  }
  return STATUS_OK;
}

status e2e_open(e2e **out) {
  arena memory = {0}, words = {0};
  TRY(ARENA(&memory, 1, out));
  (*out)->memory = memory;
  const status result = compile(*out, &words);
  arena_free(&words);
  if (result == STATUS_OK) return STATUS_OK;
  e2e_close(*out);
  *out = NULL;
  return result;
}

/* One character for each that the patterns know; dashes are one. */
static void simplify(const char *text, char *out, size_t room) {
  static const char *const same[][2] = {{"\303\251", "e"}, {"\302\243", "#"}, {"\342\200\223", "-"}};
  size_t used = 0;
  while (*text && used + 1 < room) {
    int found = 0;
    for (int i = 0; i < 3 && !found; i++) {
      const size_t length = strlen(same[i][0]);
      if (strncmp(text, same[i][0], length) != 0) continue;
      out[used++] = same[i][1][0];
      text += length;
      found = 1;
    }
    if (!found) out[used++] = *text++;
  }
  out[used] = '\0';
}

/* Slot `value` said in text[from, to). */
typedef struct match {
  int value, from, to;
} match;

static int find(const e2e *e, const char *text, match *out) {
  int count = 0;
  for (int v = 0; v < VALUES; v++) {
    int from = 0;
    regmatch_t at;
    while (count < MATCHES && regexec(&e->pattern[v], text + from, 1, &at, from > 0 ? REG_NOTBOL : 0) == 0) {
      /* After a cut, a word boundary is seen at the beginning where none may be. */
      const int begin = from + (int)at.rm_so, end = from + (int)at.rm_eo;
      out[count++] = (match){v, begin, end};
      from = end > begin ? end : end + 1;
    }
  }
  return count;
}

static int is_wanted(const meaning *m, int value) {
  for (int i = 0; i < m->count; i++) {
    char simple[128];
    simplify(m->slot[i].value, simple, sizeof simple);
    if (strcmp(m->slot[i].name, realisation[value][0]) == 0 && strcasecmp(simple, realisation[value][1]) == 0) return 1;
  }
  return 0;
}

static int is_inside(const match *x, const match *y) {
  return y->from <= x->from && x->to <= y->to && (y->from != x->from || y->to != x->to);
}

/* Which values are said: those whose match lies in no longer one, and of several on the same words one. */
static void said_values(const meaning *m, const match *found, int count, int said[VALUES]) {
  int kept[MATCHES] = {0};
  memset(said, 0, VALUES * sizeof *said);
  for (int i = 0; i < count; i++) {
    kept[i] = 1;
    for (int k = 0; k < count && kept[i]; k++) {
      const int is_same = k != i && found[k].from == found[i].from && found[k].to == found[i].to;
      if (is_inside(&found[i], &found[k]) || (is_same && (kept[k] || is_wanted(m, found[k].value)))) kept[i] = 0;
    }
    said[found[i].value] |= kept[i];
  }
}

/* A slot whose value is hidden: whether it is there. */
static void count_hidden(const meaning *m, const char *slot, const char *token, const char *hidden, e2e_error *e) {
  int wanted = 0;
  for (int i = 0; i < m->count; i++) wanted |= strcmp(m->slot[i].name, slot) == 0;
  const int there = strstr(hidden, token) != NULL;
  e->missing += wanted && !there;
  e->added += there && !wanted;
}

static void count_slot(const meaning *m, const char *slot, const int said[VALUES], e2e_error *e) {
  int wanted = 0, right = 0, others = 0;
  for (int i = 0; i < m->count; i++) wanted += strcmp(m->slot[i].name, slot) == 0;
  for (int v = 0; v < VALUES; v++) {
    if (!said[v] || strcmp(realisation[v][0], slot) != 0) continue;
    if (is_wanted(m, v))
      right++;
    else
      others++;
  }
  const int left = wanted - right, wrong = left < others ? left : others;
  e->wrong += wrong;
  e->missing += left - wrong;
  e->added += others - wrong;
}

e2e_error e2e_errors(const e2e *e, const meaning *m, const char *hidden) {
  static const char *const slots[] = {"area", "eattype", "familyfriendly", "food", "pricerange", "customerrating"};
  char text[2048];
  match found[MATCHES];
  int said[VALUES];
  e2e_error out = {.slots = m->count};
  simplify(hidden, text, sizeof text);
  said_values(m, found, find(e, text, found), said);
  count_hidden(m, "name", "SLOT_NAME", hidden, &out);
  count_hidden(m, "near", "SLOT_NEAR", hidden, &out);
  for (int i = 0; i < (int)(sizeof slots / sizeof *slots); i++) count_slot(m, slots[i], said, &out);
  return out;
}
