#include "stages/generate_manifest.h"

#include <stdio.h>
#include <string.h>

#include "base/process.h"
#include "io/file.h"

static const char *const stages_before[] = {"ingest", "profile", "factorise", "train", "decide"};
enum { STAGES_BEFORE = (int)(sizeof stages_before / sizeof *stages_before) };

static const char *const model_files[][2] = {{"tokeniser", "work/train/tokeniser.nmt"},
                                             {"generator", "work/train/generator.nmt"},
                                             {"discriminator", "work/train/discriminator.nmt"},
                                             {"items", "work/factorise/items.nmt"}};
enum { MODELS = (int)(sizeof model_files / sizeof *model_files) };

static const char *const input_keys[] = {"inputs.interactions.path", "inputs.catalogue.path", "inputs.users.path",
                                         "inputs.suppression.path", "generate.banned_path"};
enum { INPUTS = (int)(sizeof input_keys / sizeof *input_keys) };

static int begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* Every row that was read is accepted, damaged, left out by the settings, or merged into another. */
static status set_rows(const stage_done *ingest, manifest *m) {
  m->rows_read = accounts_get(&ingest->numbers, "rows_read");
  accounts_add(&m->rows, "accepted", accounts_get(&ingest->numbers, "rows_accepted"));
  for (int i = 0; i < ingest->numbers.count; i++) {
    const account *one = &ingest->numbers.entry[i];
    if (begins(one->name, "rejected.") || begins(one->name, "excluded.")) accounts_add(&m->rows, one->name, one->count);
  }
  if (accounts_total(&m->rows) == m->rows_read) return STATUS_OK;
  return status_fail(STATUS_BUG, "generate: ingest read %lld rows, but accounts for %lld", (long long)m->rows_read,
                     (long long)accounts_total(&m->rows));
}

static status set_users(const stage_done *ingest, const stage_done *decide, const generate_counts *counts,
                        manifest *m) {
  m->users_known = accounts_get(&ingest->numbers, "users");
  for (int i = 0; i < OUTCOME_COUNT; i++) accounts_add(&m->users, outcome_name((outcome)i), counts->outcome[i]);
  for (int i = 0; i < SOURCE_COUNT; i++) accounts_add(&m->sources, source_name((source)i), counts->source[i]);
  for (int i = 0; i < LANGUAGE_COUNT; i++) accounts_add(&m->languages, language_name((language)i), counts->language[i]);
  for (int i = 0; i < decide->numbers.count; i++) {
    const account *one = &decide->numbers.entry[i];
    if (begins(one->name, "reason.")) accounts_add(&m->reasons, one->name + strlen("reason."), one->count);
  }
  const int64_t messages = counts->outcome[OUTCOME_MESSAGE];
  if (accounts_total(&m->users) == m->users_known && accounts_total(&m->sources) == messages &&
      accounts_total(&m->languages) == messages)
    return STATUS_OK;
  return status_fail(STATUS_BUG, "generate: of %lld users %lld are accounted for, of %lld messages %lld",
                     (long long)m->users_known, (long long)accounts_total(&m->users), (long long)messages,
                     (long long)accounts_total(&m->sources));
}

/* "inputs.interactions.path" is the input "inputs.interactions". */
static status describe_file(arena *a, const char *name, const char *path, const char *shown, manifest_input *out) {
  char *copy_of = NULL;
  int64_t modified = 0;
  const size_t length = strlen(name), tail = strlen(".path");
  const int cut = length > tail && strcmp(name + length - tail, ".path") == 0;
  TRY(arena_text(a, name, cut ? length - tail : length, &copy_of));
  *out = (manifest_input){.name = copy_of, .path = shown};
  TRY(file_stat(path, &out->bytes, &modified));
  return digest_file(path, out->digest);
}

static status set_inputs(const stage *s, manifest *m) {
  const int copies = settings_count(s->settings, "inputs.copy.paths");
  TRY(ARENA(s->arena, INPUTS + copies, &m->inputs));
  for (int i = 0; i < INPUTS + copies; i++) {
    const char *path = i < INPUTS ? settings_text(s->settings, input_keys[i])
                                  : settings_list_at(s->settings, "inputs.copy.paths", i - INPUTS);
    char *name = NULL;
    if (path[0] == '\0') continue;
    TRY(i < INPUTS ? arena_print(s->arena, &name, "%s", input_keys[i])
                   : arena_print(s->arena, &name, "inputs.copy[%d]", i - INPUTS));
    TRY(describe_file(s->arena, name, path, path, &m->inputs[m->input_count++]));
  }
  return STATUS_OK;
}

static status set_models(const stage *s, manifest *m) {
  TRY(ARENA(s->arena, MODELS, &m->models));
  for (int i = 0; i < MODELS; i++) {
    char *path = NULL;
    TRY(arena_print(s->arena, &path, "%s/%s", s->run, model_files[i][1]));
    if (!file_exists(path)) continue; /* without adversarial tuning there is no discriminator */
    TRY(describe_file(s->arena, model_files[i][0], path, model_files[i][1], &m->models[m->model_count++]));
  }
  return STATUS_OK;
}

static status set_stages(const stage *s, const stage_done *own, manifest *m) {
  TRY(ARENA(s->arena, STAGES_BEFORE + 1, &m->stages));
  for (int i = 0; i < STAGES_BEFORE; i++) TRY(stage_before(s, stages_before[i], &m->stages[m->stage_count++]));
  m->stages[m->stage_count++] = *own;
  return STATUS_OK;
}

/* Local, on rank 0. */
static status write_manifest(const stage *s, const generate_counts *counts, const stage_done *own, manifest *m) {
  char *text = NULL, digest[DIGEST_TEXT];
  TRY(settings_print(s->settings, NULL, s->arena, &text));
  digest_bytes(text, strlen(text), digest);
  m->job = s->job;
  m->night = s->night;
  m->version = process_version();
  m->settings_digest = digest;
  m->seed = (int64_t)s->seed;
  TRY(set_stages(s, own, m));
  TRY(set_rows(&m->stages[0], m));
  TRY(set_users(&m->stages[0], &m->stages[STAGES_BEFORE - 1], counts, m));
  TRY(set_inputs(s, m));
  TRY(set_models(s, m));
  return manifest_write(s->run, m);
}

status generate_manifest_write(const stage *s, const generate_counts *counts, const shard_summary *mine,
                               int mine_count) {
  manifest *m = NULL;
  void *shards = NULL;
  int64_t *offset = NULL;
  TRY_ALL(s->comm, ARENA(s->arena, 1, &m)); /* its accounts are large for a stack */
  TRY(comm_gather_all(s->comm, mine, mine_count * (int64_t)sizeof *mine, s->arena, &shards, &offset));
  m->shards = shards;
  m->shard_count = (int)(offset[s->comm->size] / (int64_t)sizeof *mine);
  stage_done own;
  TRY(stage_measure(s, &own));
  TRY_ALL(s->comm, s->comm->rank == 0 ? write_manifest(s, counts, &own, m) : STATUS_OK);
  return STATUS_OK;
}
