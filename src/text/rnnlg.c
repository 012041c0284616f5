#include "text/rnnlg.h"

#include <string.h>

#include "text/split.h"

/* Words that are written in another way. */
static const char *const mapping[][2] = {{"it's", "it is"},
                                         {"don't", "do not"},
                                         {"doesn't", "does not"},
                                         {"didn't", "did not"},
                                         {"you'd", "you would"},
                                         {"you're", "you are"},
                                         {"you'll", "you will"},
                                         {"i'm", "i am"},
                                         {"they're", "they are"},
                                         {"that's", "that is"},
                                         {"what's", "what is"},
                                         {"couldn't", "could not"},
                                         {"i've", "i have"},
                                         {"we've", "we have"},
                                         {"can't", "cannot"},
                                         {"i'd", "i would"},
                                         {"aren't", "are not"},
                                         {"isn't", "is not"},
                                         {"wasn't", "was not"},
                                         {"weren't", "were not"},
                                         {"won't", "will not"},
                                         {"there's", "there is"},
                                         {"there're", "there are"},
                                         {". .", "."},
                                         {"restaurants", "restaurant -s"},
                                         {"hotels", "hotel -s"},
                                         {"laptops", "laptop -s"},
                                         {"cheaper", "cheap -er"},
                                         {"dinners", "dinner -s"},
                                         {"lunches", "lunch -s"},
                                         {"breakfasts", "breakfast -s"},
                                         {"expensively", "expensive -ly"},
                                         {"moderately", "moderate -ly"},
                                         {"cheaply", "cheap -ly"},
                                         {"prices", "price -s"},
                                         {"places", "place -s"},
                                         {"venues", "venue -s"},
                                         {"ranges", "range -s"},
                                         {"meals", "meal -s"},
                                         {"locations", "location -s"},
                                         {"areas", "area -s"},
                                         {"policies", "policy -s"},
                                         {"children", "child -s"},
                                         {"kids", "kid -s"},
                                         {"kidfriendly", "kid friendly"},
                                         {"cards", "card -s"},
                                         {"st", "street"},
                                         {"ave", "avenue"},
                                         {"upmarket", "expensive"},
                                         {"inpricey", "cheap"},
                                         {"inches", "inch -s"},
                                         {"uses", "use -s"},
                                         {"dimensions", "dimension -s"},
                                         {"driverange", "drive range"},
                                         {"includes", "include -s"},
                                         {"computers", "computer -s"},
                                         {"machines", "machine -s"},
                                         {"ecorating", "eco rating"},
                                         {"families", "family -s"},
                                         {"ratings", "rating -s"},
                                         {"constraints", "constraint -s"},
                                         {"pricerange", "price range"},
                                         {"batteryrating", "battery rating"},
                                         {"requirements", "requirement -s"},
                                         {"drives", "drive -s"},
                                         {"specifications", "specification -s"},
                                         {"weightrange", "weight range"},
                                         {"harddrive", "hard drive"},
                                         {"batterylife", "battery life"},
                                         {"businesses", "business -s"},
                                         {"hours", "hour -s"},
                                         {"accessories", "accessory -s"},
                                         {"ports", "port -s"},
                                         {"televisions", "television -s"},
                                         {"restrictions", "restriction -s"},
                                         {"extremely", "extreme -ly"},
                                         {"actually", "actual -ly"},
                                         {"typically", "typical -ly"},
                                         {"drivers", "driver -s"},
                                         {"teh", "the"},
                                         {"definitely", "definite -ly"},
                                         {"factors", "factor -s"},
                                         {"truly", "true -ly"},
                                         {"mostly", "most -ly"},
                                         {"nicely", "nice -ly"},
                                         {"surely", "sure -ly"},
                                         {"certainly", "certain -ly"},
                                         {"totally", "total -ly"},
                                         {"#", "number"},
                                         {"&", "and"}};

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int digits(const char *at, int count) {
  for (int i = 0; i < count; i++)
    if (!is_digit(at[i])) return 0;
  return 1;
}

/* Bytes of a telephone number "(ddd) ddd-dddd" at the place, its digits in out; 0 if there is none. */
static int telephone(const char *at, char out[11]) {
  const char *start = at;
  at += *at == '(';
  if (!digits(at, 3)) return 0;
  memcpy(out, at, 3);
  at += 3;
  at += *at == ')';
  at += *at != '\0' && (strchr("-.", *at) != NULL || is_space(*at));
  if (!digits(at, 3)) return 0;
  memcpy(out + 3, at, 3);
  at += 3;
  at += *at != '\0' && (strchr("-.", *at) != NULL || is_space(*at));
  if (!digits(at, 4)) return 0;
  memcpy(out + 6, at, 4);
  return (int)(at + 4 - start);
}

/* Characters that go, change, or are joined; `out` has room for five times as much. */
static void characters(const char *in, char *out) {
  while (*in) {
    char number[11];
    const int bytes = telephone(in, number);
    if (bytes > 0) {
      memcpy(out, number, 10);
      out += 10;
      in += bytes;
    } else if (*in == '/') {
      memcpy(out, " and ", 5);
      out += 5;
      in++;
    } else if (strncmp(in, " - ", 3) == 0) {
      in += 3;
    } else {
      if (strchr("\":<>@", *in) == NULL) *out++ = *in == ';' ? ',' : *in;
      in++;
    }
  }
  *out = '\0';
}

static void insert_space(char *at) {
  memmove(at + 1, at, strlen(at) + 1);
  *at = ' ';
}

/* Spaces around a mark unless it stands between digits. As in the original, a mark at the very beginning looks at the
 * last character before itself, and the space after "'s" comes behind its first character. */
static void set_apart(char *text, const char *mark) {
  for (char *at = strstr(text, mark); at != NULL; at = strstr(at, mark)) {
    const char before = at > text ? at[-1] : text[strlen(text) - 1];
    if (at[1] != '\0' && is_digit(before) && is_digit(at[1])) {
      at++;
      continue;
    }
    if (before != ' ') insert_space(at++);
    const size_t length = strlen(mark);
    if (at[length] != '\0' && at[length] != ' ') insert_space(at + 1);
    at++;
  }
}

/* A quotation mark at the ends, or beside white space, goes. */
static void drop_quotes(char *text) {
  if (*text == '\'') memmove(text, text + 1, strlen(text));
  const size_t length = strlen(text);
  if (length > 0 && text[length - 1] == '\'') text[length - 1] = '\0';
  for (int is_after = 0; is_after < 2; is_after++)
    for (char *at = text; *at; at++) {
      const char *quote = is_after ? at + 1 : at, *space = is_after ? at : at + 1;
      if (*quote != '\'' || !is_space(*space)) continue;
      memmove(at, at + 1, strlen(at));
      *at = ' ';
    }
}

/* Every " from " becomes " to " in turn, what has been replaced not looked at again. */
static status write_out(char **text, arena *a) {
  for (int i = 0; i < (int)(sizeof mapping / sizeof *mapping); i++) {
    const char *from = mapping[i][0], *to = mapping[i][1];
    if (strstr(*text, from) == NULL) continue;
    char *padded = NULL, *out = NULL, *end;
    TRY(arena_print(a, &padded, " %s ", *text));
    TRY(ARENA(a, 8 * (int64_t)strlen(padded) + 64, &out));
    end = out;
    for (const char *at = padded; *at;) {
      const size_t length = strlen(from), longer = strlen(to);
      if (*at == ' ' && strncmp(at + 1, from, length) == 0 && at[1 + length] == ' ') {
        *end++ = ' ';
        memcpy(end, to, longer);
        end += longer;
        *end++ = ' ';
        at += length + 2;
      } else {
        *end++ = *at++;
      }
    }
    end[-1] = '\0';
    *text = out + 1;
  }
  return STATUS_OK;
}

/* Single spaces; numbers that follow each other become one. */
static void join(char *text) {
  char *to = text, *word = text;
  int was_number = 0;
  for (const char *at = text;;) {
    while (is_space(*at)) at++;
    if (*at == '\0') break;
    const char *end = at;
    int is_number = 1;
    for (; *end && !is_space(*end); end++) is_number &= is_digit(*end);
    if (to > text && !(is_number && was_number)) *to++ = ' ';
    word = to;
    memmove(to, at, (size_t)(end - at));
    to = word + (end - at);
    was_number = is_number;
    at = end;
  }
  *to = '\0';
}

/* White space at both ends, in place. */
static char *trim(char *text) {
  while (is_space(*text)) text++;
  size_t length = strlen(text);
  while (length > 0 && is_space(text[length - 1])) text[--length] = '\0';
  return text;
}

status rnnlg_normalise(const char *sentence, arena *a, char **out) {
  static const char *const marks[] = {"?", ".", ",", "!"};
  const size_t length = strlen(sentence);
  const int has_mark = length > 1 && strchr(".?!", sentence[length - 1]) != NULL && sentence[length - 2] == ' ';
  char *copy = NULL, *text = NULL;
  TRY(arena_text(a, sentence, has_mark ? length - 2 : length, &copy));
  split_lower(copy);
  TRY(ARENA(a, 16 * (int64_t)length + 64, &text));
  characters(trim(copy), text);
  for (int i = 0; i < 4; i++) set_apart(text, marks[i]);
  drop_quotes(text);
  TRY(write_out(&text, a));
  TRY(ARENA(a, 3 * (int64_t)strlen(text) + 1, out));
  memcpy(*out, text, strlen(text));
  set_apart(*out, "'s");
  join(*out);
  return STATUS_OK;
}
