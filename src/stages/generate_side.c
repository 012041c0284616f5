#include "stages/generate_side.h"

#include <string.h>

#include "io/file.h"
#include "io/work_file.h"
#include "text/width.h"

/* The banned words of the job: those in the settings, then those of the file, one a line. */
static status read_banned(const stage *s, const char ***words_out, int *count) {
  const char *path = settings_text(s->settings, "generate.banned_path");
  char *text = NULL;
  int64_t bytes = 0;
  if (path[0] != '\0') TRY(file_read(path, s->arena, &text, &bytes));
  int64_t most = settings_count(s->settings, "generate.banned") + 1;
  for (int64_t i = 0; i < bytes; i++) most += text[i] == '\n';
  TRY(ARENA(s->arena, most, words_out));
  *count = 0;
  for (int i = 0; i < settings_count(s->settings, "generate.banned"); i++)
    (*words_out)[(*count)++] = settings_list_at(s->settings, "generate.banned", i);
  char *rest = NULL;
  for (char *word = text == NULL ? NULL : strtok_r(text, "\r\n", &rest); word != NULL;
       word = strtok_r(NULL, "\r\n", &rest)) {
    word += strspn(word, " \t");
    if (word[0] != '\0') (*words_out)[(*count)++] = word;
  }
  return STATUS_OK;
}

static status make_rules(const stage *s, generate_side *out) {
  rules_options options = {.max_columns = (int)settings_int(s->settings, "generate.columns"),
                           .max_utf16 = (int)settings_int(s->settings, "generate.utf16"),
                           .max_sms = (int)settings_int(s->settings, "generate.sms")};
  const char **banned = NULL;
  TRY(read_banned(s, &banned, &options.banned_count));
  options.banned = banned;
  out->max_columns = options.max_columns;
  out->max_utf16 = options.max_utf16;
  out->max_sms = options.max_sms;
  const int sms = options.max_sms > 0 ? width_sms(options.max_sms, 0) : options.max_columns;
  out->last_columns = sms < options.max_columns ? sms : options.max_columns;
  TRY(rules_create(&options, s->arena, &out->rules));
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    const char *line = NULL;
    char *text = NULL;
    TRY(generate_ladder_fill(out->rules, &(generate_facts){.language = (language)l}, out->last_columns, s->arena, &line,
                             &text));
  }
  return STATUS_OK;
}

status generate_side_load(const stage *s, generate_side *out) {
  char *path = NULL;
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, s->arena, &out->items));
  TRY(stage_path(s, "profile", "words", 0, 0, &path));
  TRY(work_file_load_words(path, out->items.count, s->arena, &out->words));
  TRY(stage_path(s, "factorise", "items", 0, 0, &path));
  TRY(work_file_load_item_model(path, s->arena, &out->model));
  if (out->model.items.count != out->items.count)
    return status_fail(STATUS_DATA, "%s: factors of %d items for a catalogue of %d; run with --from factorise", path,
                       out->model.items.count, out->items.count);
  TRY(stage_path(s, "train", "copy", 0, 0, &path));
  TRY(work_file_load_copy(path, s->arena, &out->copy));
  TRY(generate_ladder_create(&out->copy, s->arena, &out->ladder));
  TRY(generate_fluency_create(&out->copy, s->arena, &out->fluency));
  out->money = settings_text(s->settings, "money");
  return make_rules(s, out);
}

void generate_side_close(generate_side *side) { rules_free(side->rules); }

status generate_part_load(const stage *s, const generate_side *side, int index, int count, generate_part *out) {
  char *path = NULL;
  out->index = index;
  TRY(stage_path(s, "ingest", "users", index, count, &path));
  TRY(work_file_load_users(path, side->items.count, s->arena, &out->users));
  TRY(stage_path(s, "profile", "profiles", index, count, &path));
  TRY(work_file_load_profiles(path, s->arena, &out->profiles));
  TRY(stage_path(s, "factorise", "users", index, count, &path));
  TRY(work_file_load_factors(path, s->arena, &out->factors));
  TRY(stage_path(s, "decide", "decisions", index, count, &path));
  TRY(work_file_load_decisions(path, s->arena, &out->decisions));
  const int32_t known = out->users.count;
  if (out->profiles.count != known || out->factors.count != known || out->decisions.count != known)
    return status_fail(STATUS_DATA,
                       "%s: partition %d has %d users, but %d profiles, %d factors and %d decisions; run with --from "
                       "profile",
                       s->run, index, known, out->profiles.count, out->factors.count, out->decisions.count);
  for (int32_t i = 0; i < known; i++)
    if (out->decisions.outcome[i] == OUTCOME_MESSAGE &&
        (out->decisions.item[i] < 0 || out->decisions.item[i] >= side->items.count ||
         out->decisions.because[i] >= side->items.count || out->decisions.keyword[i] >= side->words.count))
      return status_fail(STATUS_DATA, "%s: row %d names an item or word that is not there; run with --from decide",
                         path, i);
  TRY(ARENA(s->arena, known, &out->template_text));
  return ARENA(s->arena, known, &out->source);
}

status generate_part_facts(const generate_part *p, const generate_side *side, user_row row, arena *a,
                           generate_facts *out) {
  return generate_facts_fill(&side->items, &side->words, &p->users, &p->decisions, row, side->money, a, out);
}
