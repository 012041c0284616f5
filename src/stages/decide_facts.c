#include "stages/decide_facts.h"

/* How often a tone is taken where it may be: a claim that is rarely true is worth more when it is. */
static const double tone_weight[TONE_COUNT] = {
    [TONE_PICK] = 3,  [TONE_HOT] = 2,      [TONE_NEW] = 3,  [TONE_REMINDER] = 2,
    [TONE_STORY] = 2, [TONE_THANKS] = 1.5, [TONE_DROP] = 5,
};

/* A cosine below this speaks for nothing; a purchase may be so much farther than a view and still be named first. */
static const double nearest_least = 0.2;
static const double meaning_worth[EVENT_MEANINGS] = {[EVENT_VIEWED] = 0, [EVENT_LIKED] = 0.05, [EVENT_BOUGHT] = 0.1};

static int has_price(const catalogue *c, item_row item) {
  return c->price[item] >= 0 && (c->domain[item] == DOMAIN_SHOP || c->domain[item] == DOMAIN_TRAVEL);
}

static int fell(const catalogue *c, item_row item) { return has_price(c, item) && c->old_price[item] > c->price[item]; }

uint32_t decide_facts_tones(const decide_side *side, const decide_part *p, user_row user, item_row item) {
  const catalogue *c = &side->items;
  const users *u = &p->users;
  uint32_t tones = 1u << TONE_PICK | 1u << TONE_STORY;
  int bought = 0, looked = 0;
  for (int64_t j = u->offset[user]; j < u->offset[user + 1]; j++) {
    bought |= u->meanings[j] >> EVENT_BOUGHT & 1;
    if (c->category[item] != CATALOGUE_NO_CATEGORY && c->category[u->item[j]] == c->category[item])
      looked |= u->meanings[j] >> EVENT_VIEWED & 1;
  }
  if (side->hot[item]) tones |= 1u << TONE_HOT;
  const double age = (double)(side->now - c->added[item]) / 86400;
  if (c->added[item] != CATALOGUE_NO_TIME && age >= 0 && age <= side->new_days) tones |= 1u << TONE_NEW;
  const float recency = p->profiles.recency[user];
  if (looked && recency >= 0 && (double)recency >= side->away_days) tones |= 1u << TONE_REMINDER;
  if (bought && p->profiles.frequency[user] >= 2) tones |= 1u << TONE_THANKS;
  if (fell(c, item)) tones |= 1u << TONE_DROP;
  return tones;
}

tone decide_facts_draw_tone(uint32_t allowed, random_stream *r, double *probability) {
  double total = 0;
  int last = TONE_PICK;
  for (int t = 0; t < TONE_COUNT; t++)
    if (allowed >> t & 1) {
      total += tone_weight[t];
      last = t;
    }
  double point = random_unit_f64(r) * total;
  int t = 0;
  for (; t < last; t++) {
    if (!(allowed >> t & 1)) continue;
    if (point < tone_weight[t]) break;
    point -= tone_weight[t];
  }
  *probability = tone_weight[t] / total;
  return (tone)t;
}

static double cosine(const decide_side *side, item_row a, item_row b) {
  const factors *f = &side->model.items;
  const double scale = (double)side->norm[a] * (double)side->norm[b];
  double dot = 0;
  for (int c = 0; c < f->width; c++)
    dot += (double)f->value[(int64_t)a * f->width + c] * (double)f->value[(int64_t)b * f->width + c];
  return scale > 0 ? dot / scale : 0;
}

static event_meaning strongest(uint8_t meanings) {
  if (meanings >> EVENT_BOUGHT & 1) return EVENT_BOUGHT;
  return meanings >> EVENT_LIKED & 1 ? EVENT_LIKED : EVENT_VIEWED;
}

item_row decide_facts_because(const decide_side *side, const decide_part *p, user_row user, item_row item,
                              event_meaning *why) {
  const users *u = &p->users;
  item_row best = -1;
  double best_worth = 0;
  *why = EVENT_VIEWED;
  for (int64_t j = u->offset[user]; j < u->offset[user + 1]; j++) {
    if (u->meanings[j] == 0 || u->item[j] == item) continue;
    if (strings_length(&side->items.title[u->language[user]], u->item[j]) == 0) continue;
    const double near = cosine(side, item, u->item[j]);
    const event_meaning meaning = strongest(u->meanings[j]);
    if (near < nearest_least || (best >= 0 && near + meaning_worth[meaning] <= best_worth)) continue;
    best = u->item[j];
    best_worth = near + meaning_worth[meaning];
    *why = meaning;
  }
  return best;
}

static int item_has_word(const words *w, item_row item, int32_t word) {
  for (int64_t k = w->item_offset[item]; k < w->item_offset[item + 1]; k++)
    if (w->item_word[k] == word) return 1;
  return 0;
}

int32_t decide_facts_keyword(const decide_side *side, const decide_part *p, user_row user, item_row item) {
  for (int k = 0; k < PROFILE_KEYWORDS; k++) {
    const int32_t word = p->profiles.keyword[(int64_t)user * PROFILE_KEYWORDS + k];
    if (word < 0) break;
    if (side->words.language[word] == p->users.language[user] && item_has_word(&side->words, item, word)) return word;
  }
  return -1;
}

slot_set decide_facts_slots(const decide_side *side, language l, item_row item, tone t, item_row because,
                            event_meaning why, int32_t keyword) {
  static const slot because_slot[EVENT_MEANINGS] = {
      [EVENT_VIEWED] = SLOT_VIEWED, [EVENT_LIKED] = SLOT_LIKED, [EVENT_BOUGHT] = SLOT_BOUGHT};
  const catalogue *c = &side->items;
  slot_set slots = SLOT_BIT(SLOT_TITLE);
  if (has_price(c, item)) slots |= SLOT_BIT(SLOT_PRICE);
  if (t == TONE_DROP) slots |= SLOT_BIT(SLOT_WAS);
  if (c->category[item] != CATALOGUE_NO_CATEGORY && strings_length(&c->category_name[l], c->category[item]) > 0)
    slots |= SLOT_BIT(SLOT_CATEGORY);
  if (keyword >= 0) slots |= SLOT_BIT(SLOT_KEYWORD);
  if (because >= 0) slots |= SLOT_BIT(because_slot[why]);
  return slots;
}
