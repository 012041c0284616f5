#include "stages/train_data.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/watchdog.h"
#include "io/tensor_file.h"
#include "io/work_file.h"

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* Cuts the lines into those to learn from and those to judge by. */
static status split(stage *s, train_data *d) {
  const double share = settings_real(s->settings, "writer.validation_share");
  TRY(ARENA(s->arena, d->copy.count, &d->train));
  TRY(ARENA(s->arena, d->copy.count, &d->validation));
  for (int64_t i = 0; i < d->copy.count; i++) {
    const char *text = d->copy.lines[i].text;
    const double u = (double)(hash_bytes(text, strlen(text), s->seed) >> 11) * 0x1p-53;
    if (u < share)
      d->validation[d->validation_count++] = (int32_t)i;
    else
      d->train[d->train_count++] = (int32_t)i;
  }
  if (d->train_count >= 8 && d->validation_count >= 1) return STATUS_OK;
  return status_fail(STATUS_DATA,
                     "inputs.copy.paths: %lld good lines are too few to learn from; a few hundred per language are a "
                     "beginning",
                     (long long)d->copy.count);
}

/* Rank 0 trains on the sorted training lines and saves the model. */
static status train_tokeniser(stage *s, const train_data *d, char **model, int64_t *bytes) {
  const char **lines = NULL;
  TRY(ARENA(s->arena, d->train_count, &lines));
  for (int64_t i = 0; i < d->train_count; i++) lines[i] = d->copy.lines[d->train[i]].text;
  qsort(lines, (size_t)d->train_count, sizeof *lines, by_text);
  int64_t distinct = 0; /* a text may stand in two tones */
  for (int64_t i = 0; i < d->train_count; i++)
    if (i == 0 || strcmp(lines[i], lines[distinct - 1]) != 0) lines[distinct++] = lines[i];
  const int vocabulary = (int)settings_int(s->settings, "writer.vocabulary");
  TRY(tokeniser_train(lines, distinct, vocabulary, s->arena, model, bytes));
  char *path = NULL;
  tensor_file f = {0};
  tensor_file_add(&f, "model", TENSOR_U8, *bytes, 1, *model);
  TRY(stage_path(s, "train", "tokeniser", 0, 0, &path));
  TRY(tensor_file_write(path, "tokeniser", &f));
  TRY(stage_path(s, "train", "copy", 0, 0, &path));
  return work_file_save_copy(path, &d->copy);
}

static status share_tokeniser(stage *s, train_data *d) {
  char *model = NULL;
  int64_t bytes = 0;
  watchdog_pause();
  const status trained = comm_agree(s->comm, s->comm->rank == 0 ? train_tokeniser(s, d, &model, &bytes) : STATUS_OK);
  watchdog_resume();
  TRY(trained);
  comm_broadcast(s->comm, &bytes, sizeof bytes, 0);
  TRY_ALL(s->comm, s->comm->rank == 0 ? STATUS_OK : ARENA(s->arena, bytes, &model));
  comm_broadcast(s->comm, model, bytes, 0);
  TRY_ALL(s->comm, tokeniser_open(model, bytes, &d->tokeniser));
  return STATUS_OK;
}

/* Lines of more tokens than the writer may write are cut off the lists. */
static int64_t keep_short(const train_data *d, int32_t *lines, int64_t count) {
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++)
    if (d->offset[lines[i] + 1] - d->offset[lines[i]] < DECODE_TOKENS_MOST) lines[kept++] = lines[i];
  return kept;
}

static status encode(stage *s, train_data *d) {
  int32_t **tokens = NULL;
  TRY(ARENA(s->arena, d->copy.count + 1, &d->offset));
  TRY(ARENA(s->arena, d->copy.count, &tokens));
  for (int64_t i = 0; i < d->copy.count; i++) {
    int count = 0;
    TRY(tokeniser_encode(d->tokeniser, d->copy.lines[i].text, s->arena, &tokens[i], &count));
    d->offset[i + 1] = d->offset[i] + count;
  }
  TRY(ARENA(s->arena, d->offset[d->copy.count], &d->token));
  for (int64_t i = 0; i < d->copy.count; i++)
    memcpy(d->token + d->offset[i], tokens[i], (size_t)(d->offset[i + 1] - d->offset[i]) * sizeof **tokens);
  d->train_count = keep_short(d, d->train, d->train_count);
  d->validation_count = keep_short(d, d->validation, d->validation_count);
  if (d->train_count == 0 || d->validation_count == 0)
    return status_fail(STATUS_DATA,
                       "train: no line of copy is shorter than %d tokens; give shorter lines, or more of them",
                       DECODE_TOKENS_MOST);
  return STATUS_OK;
}

static status load_local(stage *s, train_data *d) {
  char *path = NULL;
  item_model *items = NULL;
  TRY(ARENA(s->arena, 1, &items));
  TRY(stage_path(s, "factorise", "items", 0, 0, &path));
  TRY(work_file_load_item_model(path, s->arena, items));
  d->items = items;
  d->shape = (condition_shape){(int)settings_int(s->settings, "profile.segments"), items->items.width};
  d->width = condition_width(d->shape);
  TRY(train_data_read(s, &d->copy));
  return split(s, d);
}

status train_data_load(stage *s, train_data *out) {
  memset(out, 0, sizeof *out);
  TRY_ALL(s->comm, load_local(s, out));
  TRY(share_tokeniser(s, out));
  TRY_ALL(s->comm, encode(s, out));
  return STATUS_OK;
}

void train_data_close(train_data *d) {
  tokeniser_close(d->tokeniser);
  d->tokeniser = NULL;
}

train_text train_data_text(const train_data *d, int32_t line) {
  return (train_text){line, (int32_t)(d->offset[line + 1] - d->offset[line]), d->token + d->offset[line], NULL};
}

void train_data_condition(const train_data *d, int32_t line, float *out) {
  const copy_line *l = &d->copy.lines[line];
  const factors *f = &d->items->items;
  const float *item = l->item >= 0 ? f->value + (int64_t)l->item * f->width : NULL;
  const condition c = {l->language, l->tone, l->domain, l->slots, -1, NULL, item};
  condition_fill(d->shape, &c, out);
}

static int longest(const train_text *texts, int count) {
  int most = 1;
  for (int n = 0; n < count; n++)
    if (texts[n].count > most) most = texts[n].count;
  return most;
}

status train_data_writer_batch(const train_data *d, const train_text *texts, int count, arena *a,
                               generator_batch *out) {
  const int steps = longest(texts, count) + 1, begin = tokeniser_begin(d->tokeniser);
  int32_t *input = NULL, *target = NULL;
  float *conditions = NULL, *weight = NULL;
  uint64_t *ids = NULL;
  TRY(ARENA(a, (int64_t)count * steps, &input));
  TRY(ARENA(a, (int64_t)count * steps, &target));
  TRY(ARENA(a, (int64_t)count * steps, &weight));
  TRY(ARENA(a, (int64_t)count * d->width, &conditions));
  TRY(ARENA(a, count, &ids));
  for (int n = 0; n < count; n++) {
    const train_text *x = &texts[n];
    ids[n] = (uint64_t)x->line;
    train_data_condition(d, x->line, conditions + (int64_t)n * d->width);
    for (int t = 0; t < steps; t++) {
      const int64_t at = (int64_t)t * count + n;
      input[at] = t == 0 || t > x->count ? begin : x->token[t - 1];
      target[at] = t < x->count ? x->token[t] : t == x->count ? tokeniser_end(d->tokeniser) : -1;
      weight[at] = t <= x->count && x->weight != NULL ? x->weight[t] : 1;
    }
  }
  *out = (generator_batch){.sequences = count,
                           .steps = steps,
                           .input = input,
                           .target = target,
                           .condition = conditions,
                           .weight = weight,
                           .ids = ids};
  return STATUS_OK;
}

status train_data_judge_batch(const train_data *d, const train_text *texts, const float *label, int count, arena *a,
                              discriminator_batch *out) {
  const int steps = longest(texts, count);
  int32_t *token = NULL, *length = NULL;
  float *conditions = NULL;
  uint64_t *ids = NULL;
  TRY(ARENA(a, (int64_t)count * steps, &token));
  TRY(ARENA(a, count, &length));
  TRY(ARENA(a, (int64_t)count * d->width, &conditions));
  TRY(ARENA(a, count, &ids));
  for (int n = 0; n < count; n++) {
    length[n] = texts[n].count;
    ids[n] = (uint64_t)n;
    memcpy(token + (int64_t)n * steps, texts[n].token, (size_t)texts[n].count * sizeof *token);
    train_data_condition(d, texts[n].line, conditions + (int64_t)n * d->width);
  }
  *out = (discriminator_batch){count, steps, token, length, conditions, label, 0, 0, ids, 0};
  return STATUS_OK;
}
