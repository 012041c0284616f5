#include "stages/decide_choice.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"

enum { MOST = DECISION_CANDIDATES };

int decide_choice_held_out(const decide_side *side, const users *u, user_row user) {
  const uint64_t salt = hash_bytes(side->salt, strlen(side->salt), 0);
  const uint64_t h = hash_bytes(strings_at(&u->name, user), (size_t)strings_length(&u->name, user), salt);
  return (double)(h >> 11) * 0x1p-53 < side->holdout_share;
}

void decide_choice_popular(const decide_side *side, item_row *candidate, float *score) {
  int found = 0;
  for (int32_t at = 0; at < side->items.count && found < MOST; at++) {
    const item_row i = side->popular[at];
    if (!side->offers.allowed[i]) continue;
    candidate[found] = i;
    score[found++] = side->model.popularity[i];
  }
  for (; found < MOST; found++) {
    candidate[found] = -1;
    score[found] = 0;
  }
}

/* How much more than the user's own average the ratings model expects; 0 where there is none. */
static double rating_above_average(const decide_side *side, const decide_part *p, user_row user, item_row item) {
  const factors *items = &side->ratings.items;
  if (items->count == 0) return 0;
  double sum = (double)items->bias[item];
  for (int c = 0; c < items->width; c++)
    sum += (double)p->ratings.value[(int64_t)user * items->width + c] *
           (double)items->value[(int64_t)item * items->width + c];
  return sum;
}

static double spread(const float *score, int count) {
  double mean = 0, square = 0;
  for (int k = 0; k < count; k++) mean += (double)score[k] / count;
  for (int k = 0; k < count; k++) square += ((double)score[k] - mean) * ((double)score[k] - mean) / count;
  return sqrt(square);
}

/* Places among which is drawn; returns their number. */
static int shortlist(const decide_side *side, const decide_part *p, user_row user, const item_row *candidate, int found,
                     int *place) {
  int count = 0;
  for (int k = 0; k < found && count < side->explore; k++)
    if (rating_above_average(side, p, user, candidate[k]) >= 0) place[count++] = k;
  for (int k = 0; count == 0 && k < found && k < side->explore; k++) place[k] = k;
  return count > 0 ? count : (found < side->explore ? found : side->explore);
}

int decide_choice_draw(const decide_side *side, const decide_part *p, user_row user, const item_row *candidate,
                       const float *score, random_stream *r, double *probability) {
  int found = 0, place[MOST];
  while (found < MOST && candidate[found] >= 0) found++;
  *probability = 0;
  if (found == 0) return -1;
  const int count = shortlist(side, p, user, candidate, found, place);
  const double unit = side->temperature * spread(score, found);
  double chance[MOST] = {0}, total = 0;
  for (int k = 0; k < count; k++) {
    chance[k] = unit > 0 ? exp(((double)score[place[k]] - (double)score[place[0]]) / unit) : 1;
    total += chance[k];
  }
  double point = random_unit_f64(r) * total;
  int k = 0;
  for (; k < count - 1 && point >= chance[k]; k++) point -= chance[k];
  *probability = chance[k] / total;
  return place[k];
}
