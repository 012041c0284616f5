#include "stages/generate_candidates.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/stop.h"
#include "base/watchdog.h"
#include "stages/generate_duplicates.h"
#include "text/slots.h"

enum {
  BATCH_TEXTS = 256, /* decoded in one call */
  DRAWN_LINES = 8,   /* of copy, tried for a user whom the writer has failed */
  CANDIDATES_MOST = 64,
  RETRIES = 24, /* steps back out of dead ends */
  SCRATCH_BYTES = 1 << 20
};

/* Weight of the discriminator's log-probability beside the writer's mean log-probability per token. */
static const float judge_weight = 0.5f;

/* Weight of the share of triples that the copy does not have, in nats per token. */
static const double triples_weight = 2;

/* The slots of a text are drawn apart from its words. */
static const uint64_t slots_salt = 0x510751075107u, lines_salt = 0x11E511E511E5u;

/* A text on its way: what it must hold, and what it was judged. */
typedef struct draft {
  float score;
  uint64_t hash;
  const char *text; /* NULL: not kept */
} draft;

typedef struct sampler {
  const stage *stage;
  const generate_side *side;
  const generate_models *models;
  const generate_guard *guard;
  const generate_part *part;
  int attempt, candidates;
  float temperature;
  arena *scratch;
  generate_facts *facts;   /* [users of a batch] */
  slot_set *slots;         /* [users of a batch] */
  float *condition;        /* [users of a batch, C] */
  decode_request *request; /* [BATCH_TEXTS or candidates] */
  decode_result *result;
  float *decode_scratch;
  float *anonymous; /* [texts of a batch, C]: the condition without user and item, for the discriminator */
  float *verdict;   /* [texts of a batch] */
} sampler;

int64_t generate_candidates_waiting(const generate_part *p) {
  int64_t waiting = 0;
  for (user_row i = 0; i < p->users.count; i++) waiting += generate_part_waits(p, i);
  return waiting;
}

/* Room for `most` texts, with those that are there already. */
static status room_for(const stage *s, int64_t most, generate_proposals *out) {
  const generate_proposals before = *out;
  if (out->room >= most) return STATUS_OK;
  TRY(ARENA(s->arena, most, &out->user));
  TRY(ARENA(s->arena, most, &out->score));
  TRY(ARENA(s->arena, most, &out->hash));
  TRY(ARENA(s->arena, most, &out->text));
  out->room = most;
  if (before.count == 0) return STATUS_OK;
  memcpy(out->user, before.user, (size_t)before.count * sizeof *before.user);
  memcpy(out->score, before.score, (size_t)before.count * sizeof *before.score);
  memcpy(out->hash, before.hash, (size_t)before.count * sizeof *before.hash);
  memcpy(out->text, before.text, (size_t)before.count * sizeof *before.text);
  return STATUS_OK;
}

/* Writes the request of each candidate of one user. */
static status ask(sampler *s, user_row row, int place) {
  generate_facts *f = &s->facts[place];
  const int width = s->models->shape.condition;
  const user_id id = s->part->users.id[row];
  TRY(generate_part_facts(s->part, s->side, row, s->scratch, f));
  random_stream r = random_open(s->stage->seed, RANDOM_GENERATE, hash_mix(id.low ^ slots_salt), (uint32_t)s->attempt);
  const copy_line *line = generate_ladder_draw(&s->side->ladder, f, &r);
  s->slots[place] = line != NULL ? line->slots : SLOT_BIT(SLOT_TITLE);
  const item_row item = s->part->decisions.item[row];
  condition c = {
      .language = f->language,
      .tone = f->tone,
      .domain = f->domain,
      .slots = s->slots[place],
      .segment = s->part->profiles.segment[row],
      .user_factor = s->part->factors.value + (int64_t)row * s->part->factors.width,
      .item_factor = s->side->model.items.value + (int64_t)item * s->side->model.items.width,
  };
  float *vector = s->condition + (int64_t)place * width;
  condition_fill(s->models->condition, &c, vector);
  c.segment = -1;
  c.user_factor = c.item_factor = NULL;
  for (int i = 0; i < s->candidates; i++)
    condition_fill(s->models->condition, &c, s->anonymous + (int64_t)(place * s->candidates + i) * width);
  /* An English SMS is written in the GSM 7-bit alphabet where its facts are. */
  const int sms = s->side->max_sms, is_gsm7 = sms > 0 && f->language == LANGUAGE_EN && f->is_gsm7;
  const int gsm7 = is_gsm7 ? width_sms(sms, 1) : 0, ucs2 = sms > 0 && !is_gsm7 ? width_sms(sms, 0) : DECODE_NO_LIMIT;
  const int units = ucs2 < s->side->max_utf16 ? ucs2 : s->side->max_utf16;
  for (int i = 0; i < s->candidates; i++)
    s->request[place * s->candidates + i] = (decode_request){
        .condition = vector,
        .list = &s->models->list[f->language][f->domain],
        .required = s->slots[place],
        .slot_width = {f->width[WIDTH_COLUMNS], f->width[WIDTH_UTF16], f->width[WIDTH_GSM7]},
        .most = {s->side->max_columns, units, gsm7},
        .max_tokens = DECODE_TOKENS_MOST,
        .temperature = s->temperature,
        .id = id.low,
        .attempt = (uint32_t)(s->attempt * s->candidates + i),
        .lattice = s->candidates,
        .lattice_place = i,
        .guard = &s->guard->decode[f->language][f->domain][f->tone],
        .retries = RETRIES,
    };
  return STATUS_OK;
}

/* Holds a template against all rules, empty and filled. */
static status check(const generate_side *side, const generate_facts *f, slot_set slots, const char *text,
                    arena *scratch, rule *broken) {
  char *filled = NULL;
  *broken = RULE_SLOTS;
  if ((slots & ~f->allowed) != 0) return STATUS_OK;
  TRY(rules_check_template(side->rules, text, f->language, f->tone, slots, broken));
  if (*broken != RULE_KEPT) return STATUS_OK;
  TRY(slots_fill(text, f->value, scratch, &filled));
  return rules_check_text(side->rules, filled, broken);
}

/* Keeps a text that no rule forbids and that this user has not been offered yet. */
static status keep(const stage *s, const generate_side *side, const generate_facts *f, slot_set slots, const char *text,
                   float score, arena *scratch, draft *drafts, int *kept, generate_tally *tally) {
  rule broken = RULE_KEPT;
  uint64_t hash = 0;
  TRY(check(side, f, slots, text, scratch, &broken));
  tally->rejected[broken]++;
  if (broken != RULE_KEPT) return STATUS_OK;
  const generate_usage usage = generate_fluency_of(&side->fluency, text, f->language, f->domain);
  if (!generate_fluency_holds(&usage)) {
    tally->strange++;
    return STATUS_OK;
  }
  score -= (float)(triples_weight * (1 - usage.triples));
  TRY(generate_duplicates_hash(text, scratch, &hash));
  int at = *kept;
  for (int i = 0; i < *kept; i++)
    if (drafts[i].hash == hash) {
      tally->repeated++;
      return STATUS_OK;
    }
  for (; at > 0 && drafts[at - 1].score < score; at--) drafts[at] = drafts[at - 1];
  char *copy_of = NULL;
  TRY(arena_text(s->arena, text, strlen(text), &copy_of));
  drafts[at] = (draft){.score = score, .hash = hash, .text = copy_of};
  ++*kept;
  return STATUS_OK;
}

static void propose(user_row row, const draft *drafts, int kept, generate_proposals *out) {
  for (int i = 0; i < kept; i++, out->count++) {
    out->user[out->count] = row;
    out->score[out->count] = drafts[i].score;
    out->hash[out->count] = drafts[i].hash;
    out->text[out->count] = drafts[i].text;
  }
}

/* Without the spaces around it, in place. */
static char *trim(char *text) {
  text += strspn(text, " ");
  size_t length = strlen(text);
  while (length > 0 && text[length - 1] == ' ') text[--length] = '\0';
  return text;
}

/* The candidates of one user, after decoding. */
static status judge(const sampler *s, user_row row, int place, generate_proposals *out) {
  draft drafts[CANDIDATES_MOST];
  int kept = 0;
  for (int i = 0; i < s->candidates; i++) {
    const int at = place * s->candidates + i;
    const decode_result *r = &s->result[at];
    const float score = r->log_probability + judge_weight * s->verdict[at];
    out->tally.candidates++;
    out->tally.refused += r->refused;
    out->tally.retried += r->retried;
    if (r->count == 0) {
      out->tally.unfinished++;
      continue;
    }
    char *text = NULL;
    TRY(tokeniser_decode(s->models->tokens, r->token, r->count, s->scratch, &text));
    TRY(keep(s->stage, s->side, &s->facts[place], s->slots[place], trim(text), score, s->scratch, drafts, &kept,
             &out->tally));
  }
  propose(row, drafts, kept, out);
  return STATUS_OK;
}

static status sample_batch(sampler *s, const user_row *rows, int count, generate_proposals *out) {
  const arena_mark mark = arena_here(s->scratch);
  for (int i = 0; i < count; i++) TRY(ask(s, rows[i], i));
  decode_batch(&s->models->model, s->stage->seed, s->request, count * s->candidates, s->result, s->decode_scratch);
  watchdog_pulse();
  TRY(generate_models_judge(s->models, s->anonymous, s->result, count * s->candidates, s->scratch, s->verdict));
  for (int i = 0; i < count; i++) TRY(judge(s, rows[i], i, out));
  arena_release(s->scratch, mark);
  return STATUS_OK;
}

static status sample_part(sampler *s, double until, generate_meter *meter, generate_proposals *out) {
  const int batch = BATCH_TEXTS > s->candidates ? BATCH_TEXTS / s->candidates : 1;
  user_row *rows = NULL;
  TRY(ARENA(s->scratch, batch, &rows));
  TRY(ARENA(s->scratch, batch, &s->facts));
  TRY(ARENA(s->scratch, batch, &s->slots));
  TRY(ARENA(s->scratch, (int64_t)batch * s->models->shape.condition, &s->condition));
  TRY(ARENA(s->scratch, (int64_t)batch * s->candidates, &s->request));
  TRY(ARENA(s->scratch, (int64_t)batch * s->candidates, &s->result));
  TRY(ARENA(s->scratch, decode_scratch(&s->models->shape, &s->models->vocabulary, s->models->shape.vocabulary),
            &s->decode_scratch));
  TRY(ARENA(s->scratch, (int64_t)batch * s->candidates * s->models->shape.condition, &s->anonymous));
  TRY(ARENA(s->scratch, (int64_t)batch * s->candidates, &s->verdict));
  int waiting = 0;
  for (user_row i = out->next; i < s->part->users.count; i++) {
    if (generate_part_waits(s->part, i)) rows[waiting++] = i;
    if (waiting < batch && i + 1 < s->part->users.count) continue;
    TRY(sample_batch(s, rows, waiting, out));
    meter->done += waiting;
    progress_at(&meter->bar, meter->done, NULL);
    waiting = 0;
    out->next = i + 1;
    if (stop_asked() || clock_now() >= until) break;
  }
  return STATUS_OK;
}

status generate_candidates_sample(const stage *s, const generate_side *side, const generate_models *m,
                                  const generate_guard *g, const generate_part *p, int attempt, double seconds,
                                  generate_meter *meter, generate_proposals *out) {
  arena scratch = {0};
  sampler one = {.stage = s,
                 .side = side,
                 .models = m,
                 .guard = g,
                 .part = p,
                 .attempt = attempt,
                 .candidates = (int)settings_int(s->settings, "generate.candidates"),
                 .temperature = (float)settings_real(s->settings, "generate.temperature"),
                 .scratch = &scratch};
  TRY(room_for(s, generate_candidates_waiting(p) * one.candidates, out));
  const status result = sample_part(&one, clock_now() + seconds, meter, out);
  arena_free(&scratch);
  return result;
}

static status draw_lines(const stage *s, const generate_side *side, const generate_part *p, user_row row,
                         arena *scratch, generate_proposals *out) {
  draft drafts[DRAWN_LINES];
  int kept = 0;
  generate_facts f;
  TRY(generate_part_facts(p, side, row, scratch, &f));
  random_stream r = random_open(s->seed, RANDOM_GENERATE, hash_mix(p->users.id[row].low ^ lines_salt), 0);
  for (int i = 0; i < DRAWN_LINES; i++) {
    const copy_line *line = generate_ladder_draw(&side->ladder, &f, &r);
    if (line == NULL) return STATUS_OK;
    generate_tally ignored = {0};
    TRY(keep(s, side, &f, line->slots, line->text, (float)-i, scratch, drafts, &kept, &ignored));
  }
  propose(row, drafts, kept, out);
  return STATUS_OK;
}

status generate_candidates_draw(const stage *s, const generate_side *side, const generate_part *p,
                                generate_proposals *out) {
  arena scratch = {0};
  *out = (generate_proposals){0};
  status result = room_for(s, generate_candidates_waiting(p) * DRAWN_LINES, out);
  for (user_row i = 0; i < p->users.count && result == STATUS_OK; i++) {
    if (!generate_part_waits(p, i)) continue;
    result = draw_lines(s, side, p, i, &scratch, out);
    watchdog_pulse();
    if (arena_bytes(&scratch) > SCRATCH_BYTES) arena_free(&scratch);
  }
  arena_free(&scratch);
  return result;
}
