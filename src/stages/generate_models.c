#include "stages/generate_models.h"

#include <math.h>
#include <string.h>

#include "io/file.h"
#include "io/tensor_file.h"
#include "text/rules.h"
#include "text/width.h"

static status load_tokeniser(const stage *s, generate_models *out) {
  char *path = NULL;
  void *model = NULL;
  int64_t bytes = 0;
  tensor_file f;
  TRY(stage_path(s, "train", "tokeniser", 0, 0, &path));
  TRY(tensor_file_read(path, "tokeniser", s->arena, &f));
  TRY(tensor_file_get(&f, "model", TENSOR_U8, -1, 1, &model, &bytes));
  return tokeniser_open(model, bytes, &out->tokens);
}

static status load_writer(const stage *s, generate_models *out) {
  char *path = NULL;
  void *shape = NULL, *parameters = NULL;
  int64_t count = 0;
  tensor_file f;
  TRY(stage_path(s, "train", "generator", 0, 0, &path));
  TRY(tensor_file_read(path, "generator", s->arena, &f));
  TRY(tensor_file_get(&f, "shape", TENSOR_I32, 5, 1, &shape, &count));
  const int32_t *n = shape;
  out->shape =
      (generator_shape){.vocabulary = n[0], .embedding = n[1], .hidden = n[2], .layers = n[3], .condition = n[4]};
  if (n[0] != tokeniser_size(out->tokens) || n[4] != condition_width(out->condition) || n[3] < 1 ||
      n[3] > GENERATOR_LAYERS_MOST || n[1] < 1 || n[2] < 1)
    return status_fail(STATUS_DATA,
                       "%s: a writer of %d tokens and a condition of %d, but the run has %d and %d; run with --from "
                       "train",
                       path, n[0], n[4], tokeniser_size(out->tokens), condition_width(out->condition));
  TRY(tensor_file_get(&f, "parameters", TENSOR_F32, generator_count(&out->shape), 1, &parameters, &count));
  out->writer = parameters;
  return STATUS_OK;
}

static status load_judge(const stage *s, generate_models *out) {
  char *path = NULL;
  void *shape = NULL, *parameters = NULL;
  int64_t count = 0;
  tensor_file f;
  TRY(stage_path(s, "train", "discriminator", 0, 0, &path));
  if (!file_exists(path)) return STATUS_OK;
  TRY(tensor_file_read(path, "discriminator", s->arena, &f));
  TRY(tensor_file_get(&f, "shape", TENSOR_I32, 5, 1, &shape, &count));
  const int32_t *n = shape;
  out->judge_shape = (discriminator_shape){n[0], n[1], n[2], n[3], n[4]};
  if (n[0] != out->shape.vocabulary || n[4] != out->shape.condition || n[1] < 1 || n[2] < 1 || n[3] < 1)
    return status_fail(STATUS_DATA,
                       "%s: a judge of another vocabulary or condition than the writer's; run with --from train", path);
  TRY(tensor_file_get(&f, "parameters", TENSOR_F32, discriminator_count(&out->judge_shape), 1, &parameters, &count));
  out->judge = parameters;
  return STATUS_OK;
}

static int forbids(const tokeniser *t, int token, language l) {
  const char *piece = tokeniser_piece(t, token);
  if (token == tokeniser_end(t) || tokeniser_slot_of(t, token) >= 0) return 0;
  return piece[0] == '\0' || tokeniser_is_byte(t, token) || rules_forbid_piece(piece, l);
}

/* What the decoder must know of each token. */
static status describe_tokens(const stage *s, generate_models *out) {
  const tokeniser *t = out->tokens;
  const int size = tokeniser_size(t);
  int16_t *slot_of = NULL;
  int32_t *slot_token = NULL;
  uint8_t *width[WIDTH_UNITS];
  TRY(ARENA(s->arena, size, &slot_of));
  TRY(ARENA(s->arena, SLOT_COUNT, &slot_token));
  for (int u = 0; u < WIDTH_UNITS; u++) TRY(ARENA(s->arena, size, &width[u]));
  for (int i = 0; i < size; i++) {
    slot_of[i] = (int16_t)tokeniser_slot_of(t, i);
    for (int u = 0; u < WIDTH_UNITS; u++) {
      const int wide = slot_of[i] >= 0 || tokeniser_is_byte(t, i) ? 0 : width_in(tokeniser_piece(t, i), (width_unit)u);
      width[u][i] = (uint8_t)(wide < 0 || wide >= DECODE_NEVER_FITS ? DECODE_NEVER_FITS : wide);
    }
  }
  for (int i = 0; i < SLOT_COUNT; i++) slot_token[i] = tokeniser_slot(t, (slot)i);
  out->vocabulary = (decode_vocabulary){.begin = tokeniser_begin(t),
                                        .end = tokeniser_end(t),
                                        .slots = SLOT_COUNT,
                                        .slot = slot_of,
                                        .slot_token = slot_token,
                                        .units = WIDTH_UNITS};
  for (int u = 0; u < WIDTH_UNITS; u++) out->vocabulary.width[u] = width[u];
  return STATUS_OK;
}

/* Marks the tokens of the copy: used[language][domain] of [V], and used[language][DOMAIN_COUNT] of all its domains. */
static status mark_used(const tokeniser *t, const copy *c, uint8_t *used[LANGUAGE_COUNT][DOMAIN_COUNT + 1]) {
  arena scratch = {0};
  status result = STATUS_OK;
  for (int64_t i = 0; i < c->count && result == STATUS_OK; i++) {
    const copy_line *line = &c->lines[i];
    int32_t *token = NULL;
    int count = 0;
    const arena_mark mark = arena_here(&scratch);
    result = tokeniser_encode(t, line->text, &scratch, &token, &count);
    for (int k = 0; k < count && result == STATUS_OK; k++)
      used[line->language][line->domain][token[k]] = used[line->language][DOMAIN_COUNT][token[k]] = 1;
    arena_release(&scratch, mark);
  }
  arena_free(&scratch);
  return result;
}

static int any(const uint8_t *set, int size) {
  for (int i = 0; i < size; i++)
    if (set[i]) return 1;
  return 0;
}

/* A list of the used tokens that are not forbidden in the language. */
static status make_list(const stage *s, const generate_models *m, language l, const uint8_t *used, decode_list *out) {
  const int size = tokeniser_size(m->tokens);
  int32_t *token = NULL;
  float *memory = NULL;
  int count = 0;
  const arena_mark mark = arena_here(s->arena);
  TRY(ARENA(s->arena, size, &token));
  for (int i = 0; i < size; i++)
    if (used[i] && !forbids(m->tokens, i, l)) count++;
  arena_release(s->arena, mark);
  TRY(ARENA(s->arena, decode_list_floats(&m->shape, &m->vocabulary, count), &memory));
  TRY(ARENA(s->arena, size, &token));
  count = 0;
  for (int i = 0; i < size; i++)
    if (used[i] && !forbids(m->tokens, i, l)) token[count++] = i;
  decode_list_prepare(&m->model, token, count, memory, out);
  return STATUS_OK;
}

static status make_lists(const stage *s, const copy *c, generate_models *out) {
  const int size = tokeniser_size(out->tokens);
  uint8_t *used[LANGUAGE_COUNT][DOMAIN_COUNT + 1], *all = NULL;
  TRY(ARENA(s->arena, size, &all));
  memset(all, 1, (size_t)size);
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    for (int d = 0; d <= DOMAIN_COUNT; d++) TRY(ARENA(s->arena, size, &used[l][d]));
  TRY(mark_used(out->tokens, c, used));
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    for (int d = 0; d < DOMAIN_COUNT; d++) {
      const uint8_t *own = used[l][d], *language_own = used[l][DOMAIN_COUNT];
      const uint8_t *set = any(own, size) ? own : any(language_own, size) ? language_own : all;
      TRY(make_list(s, out, (language)l, set, &out->list[l][d]));
    }
  return STATUS_OK;
}

/* Weights made ready for the decoder. */
static status make_ready(const stage *s, generate_models *out) {
  float *memory = NULL;
  TRY(ARENA(s->arena, decode_model_floats(&out->shape), &memory));
  decode_model_prepare(&out->shape, out->writer, &out->vocabulary, memory, &out->model);
  return STATUS_OK;
}

status generate_models_load(const stage *s, const copy *c, int width, generate_models *out) {
  out->condition = (condition_shape){.segments = (int)settings_int(s->settings, "profile.segments"), .factor = width};
  TRY(load_tokeniser(s, out));
  TRY(load_writer(s, out));
  TRY(load_judge(s, out));
  TRY(describe_tokens(s, out));
  TRY(make_ready(s, out));
  return make_lists(s, c, out);
}

status generate_models_judge(const generate_models *m, const float *anonymous, const decode_result *results, int count,
                             arena *scratch, float *score) {
  memset(score, 0, (size_t)count * sizeof *score);
  if (m->judge == NULL) return STATUS_OK;
  int32_t *token = NULL, *length = NULL;
  float *memory = NULL;
  TRY(ARENA(scratch, (int64_t)count * DECODE_TOKENS_MOST, &token));
  TRY(ARENA(scratch, count, &length));
  TRY(ARENA(scratch, discriminator_scratch(&m->judge_shape, DECODE_TOKENS_MOST), &memory));
  for (int i = 0; i < count; i++) {
    length[i] = results[i].count > 0 ? results[i].count : 1;
    memcpy(token + (int64_t)i * DECODE_TOKENS_MOST, results[i].token, (size_t)results[i].count * sizeof *token);
  }
  const discriminator_batch b = {
      .texts = count, .steps = DECODE_TOKENS_MOST, .token = token, .length = length, .condition = anonymous};
  discriminator_score(&m->judge_shape, m->judge, &b, score, memory);
  for (int i = 0; i < count; i++) score[i] = -(score[i] < -30 ? -score[i] : log1pf(expf(-score[i])));
  return STATUS_OK;
}

void generate_models_close(generate_models *m) {
  if (m->tokens != NULL) tokeniser_close(m->tokens);
}
