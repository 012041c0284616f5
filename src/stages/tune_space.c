#include "stages/tune_space.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"

/* What is worth trying, and from where to where, on data of any size. For implicit ALS the regularisation grows with
 * the row (als.exponent 1), which leaves one order of magnitude worth a look (Rendle et al. 2021, "Revisiting the
 * performance of iALS on item recommendation benchmarks"). */
static const tune_dimension usual[] = {
    {"als", "als.width", TUNE_LIST, 0, 0, "32,64,128,256,384", 1.0 / 16},
    {"als", "als.regularisation", TUNE_LOG, 0.001, 0.03, NULL, 0},
    {"als", "als.unobserved", TUNE_LOG, 0.002, 1, NULL, 0},
    {"als", "als.sweeps", TUNE_LIST, 0, 0, "8,12,16", 0},
    {"ease", "ease.regularisation", TUNE_LOG, 10, 5000, NULL, 0},
    {"ease", "ease.binary", TUNE_LIST, 0, 0, "true,false", 0},
    {"spectral", "spectral.vectors", TUNE_LIST, 0, 0, "32,64,128,256,512", 0},
    {"spectral", "spectral.ideal", TUNE_LOG, 0.03, 3, NULL, 0},
    {"spectral", "spectral.sharpen", TUNE_LINEAR, 0, 4, NULL, 0},
    {"spectral", "spectral.user_power", TUNE_LINEAR, 0.3, 1.2, NULL, 0},
    {"spectral", "spectral.input_power", TUNE_LINEAR, 0.2, 1, NULL, 0},
    {"spectral", "spectral.output_power", TUNE_LINEAR, 0.1, 0.6, NULL, 0},
    {"spectral", "spectral.binary", TUNE_LIST, 0, 0, "true,false", 0},
    {"items", "neighbours.count", TUNE_LIST, 0, 0, "20,50,100,200,400", 0},
    {"items", "neighbours.shrinkage", TUNE_LOG, 0.1, 300, NULL, 0},
    {"items", "neighbours.user_damping", TUNE_LINEAR, 0, 1.5, NULL, 0},
};

static status check(const tune_dimension *d) {
  const int is_list = d->scale == TUNE_LIST;
  if (is_list ? d->values[0] == '\0' : !(d->low < d->high) || (d->scale == TUNE_LOG && d->low <= 0))
    return status_fail(STATUS_SETTINGS, "tune.space: %s: %s", d->key,
                       is_list ? "a list needs values" : "low must be below high, and above 0 for a log scale");
  if (settings_nearest(d->key) == NULL || strcmp(settings_nearest(d->key), d->key) != 0)
    return status_fail(STATUS_SETTINGS, "tune.space: %s is no setting; see: nightmail help settings", d->key);
  return STATUS_OK;
}

static status add(tune_space *space, const tune_dimension *d) {
  TRY(check(d));
  int at = 0;
  while (at < space->count && strcmp(space->dimension[at].key, d->key) != 0) at++;
  if (at >= TUNE_DIMENSIONS_MOST)
    return status_fail(STATUS_SETTINGS, "tune.space: more than %d keys of one model", TUNE_DIMENSIONS_MOST);
  space->dimension[at] = *d;
  if (at == space->count) space->count++;
  return STATUS_OK;
}

status tune_space_find(const settings *s, const char *model, int32_t items, tune_space *out) {
  *out = (tune_space){.items = items};
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
    if (strcmp(usual[i].model, model) == 0) TRY(add(out, &usual[i]));
  for (int i = 0; i < settings_count(s, "tune.space"); i++) {
    const tune_dimension d = {.model = settings_text_at(s, "tune.space[].model", i),
                              .key = settings_text_at(s, "tune.space[].key", i),
                              .scale = (tune_scale)settings_choice_at(s, "tune.space[].scale", i),
                              .low = settings_real_at(s, "tune.space[].low", i),
                              .high = settings_real_at(s, "tune.space[].high", i),
                              .values = settings_text_at(s, "tune.space[].values", i)};
    if (strcmp(d.model, model) == 0) TRY(add(out, &d));
  }
  return STATUS_OK;
}

static double draw_of(uint64_t seed, const tune_dimension *d, int trial, uint32_t step) {
  random_stream r = random_open(seed, RANDOM_TUNE, hash_bytes(d->key, strlen(d->key), (uint64_t)trial), step);
  return random_unit_f64(&r);
}

/* The place of a trial in [0, 1) along a dimension: strata are dealt to trials by the order of one draw, the place
 * within a stratum is another. */
static double place_of(uint64_t seed, const tune_dimension *d, int trial, int trials) {
  const double mine = draw_of(seed, d, trial, 0);
  int stratum = 0;
  for (int t = 1; t < trials; t++) stratum += draw_of(seed, d, t, 0) < mine;
  return (stratum + draw_of(seed, d, trial, 1)) / (trials - 1);
}

/* Member `index` of those that the items allow, or the first of all; returns how many are allowed. */
static int take_member(const tune_space *space, const tune_dimension *d, int index, char out[64]) {
  int allowed = 0;
  snprintf(out, 64, "%.*s", (int)strcspn(d->values, ","), d->values);
  for (const char *at = d->values;; at += strcspn(at, ",") + 1) {
    at += strspn(at, " ");
    const int length = (int)strcspn(at, ",");
    if (d->share == 0 || strtod(at, NULL) <= d->share * space->items) {
      if (allowed++ == index) snprintf(out, 64, "%.*s", length, at);
    }
    if (at[length] == '\0') return allowed;
  }
}

static int is_integer(const char *key) {
  for (int i = 0; i < settings_table_count; i++)
    if (strcmp(settings_table[i].path, key) == 0) return settings_table[i].type == SETTINGS_INT;
  return 0;
}

static void write_number(const tune_dimension *d, double value, char out[64]) {
  if (is_integer(d->key))
    snprintf(out, 64, "%.0f", value);
  else
    snprintf(out, 64, "%.3g", value);
}

status tune_space_draw(const tune_space *space, uint64_t seed, int trial, int trials, settings *s) {
  for (int i = 0; i < space->count && trial > 0; i++) {
    const tune_dimension *d = &space->dimension[i];
    const double place = place_of(seed, d, trial, trials);
    char text[64];
    if (d->scale == TUNE_LIST) {
      take_member(space, d, (int)(place * take_member(space, d, 0, text)), text);
    } else {
      const double value =
          d->scale == TUNE_LOG ? d->low * pow(d->high / d->low, place) : d->low + (d->high - d->low) * place;
      write_number(d, value, text);
    }
    TRY(settings_set(s, d->key, text, "tune", 1));
  }
  return STATUS_OK;
}

status tune_space_value(const tune_dimension *d, const settings *s, arena *a, char **out) {
  const char *const prefix[] = {d->key, NULL};
  char *line = NULL;
  TRY(settings_print(s, prefix, a, &line));
  line[strcspn(line, "\n")] = '\0';
  const char *value = line + strcspn(line, ":");
  return arena_print(a, out, "%s", *value == '\0' ? "" : value + 1 + strspn(value + 1, " "));
}

/* The member of a list before or after `value`; 0 where there is none, or where the value is none of them. */
static int next_member(const tune_space *space, const tune_dimension *d, const char *value, int up, char out[64]) {
  char member[64];
  const int count = take_member(space, d, 0, member);
  for (int i = 0; i < count; i++) {
    const int next = up ? i + 1 : i - 1;
    take_member(space, d, i, member);
    if (strcmp(member, value) != 0) continue;
    if (next < 0 || next == count) return 0;
    take_member(space, d, next, out);
    return 1;
  }
  return 0;
}

status tune_space_step(const tune_space *space, const tune_dimension *d, double step, arena *a, settings *s,
                       int *moved) {
  char *value = NULL, text[64];
  *moved = 0;
  TRY(tune_space_value(d, s, a, &value));
  if (d->scale == TUNE_LIST) {
    if (!next_member(space, d, value, step > 0, text)) return STATUS_OK;
  } else {
    const double old = strtod(value, NULL);
    const double new = d->scale == TUNE_LOG ? old *pow(d->high / d->low, step) : old + (d->high - d->low) * step;
    write_number(d, fmin(fmax(new, d->low), d->high), text);
    if (strtod(text, NULL) == old || (d->scale == TUNE_LOG && old <= 0)) return STATUS_OK;
  }
  *moved = 1;
  return settings_set(s, d->key, text, "tune", 1);
}
