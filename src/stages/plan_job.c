#include "stages/plan_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/condition.h"
#include "data/decision.h"
#include "io/file.h"
#include "io/nights.h"
#include "math/als.h"
#include "stages/plan_copy.h"
#include "stages/plan_measure.h"
#include "stages/plan_recommender.h"

/* The discriminator's shape is the program's own: stages/train_judge.c. */
enum { JUDGE_EMBEDDING = 32, JUDGE_FILTERS = 48, JUDGE_HIDDEN = 48 };

/* Nothing is known of a job's first night but that some users must be asked for again, that about so many texts keep
 * the rules, that few users end with a line of the copy, and that conjugate gradients leave about so many users to be
 * solved exactly. */
static const double asked_usually = 1.1, kept_usually = 0.6, drawn_usually = 0.02, exact_usually = 0.5;

/* Of a log-normal distribution of deviation 1, which users' numbers of interactions come near to. */
static const double spread_usually = 2.7;

/* Seconds for a row of events, and for a byte of a catalogue, where there is no file to learn them from. */
static const double row_usually = 1.5e-7, catalogue_usually = 2e-8;

/* A message through memory that two ranks of a node share. */
static const double node_latency = 0.7e-6;

void plan_job_shapes(const settings *s, plan_numbers *n) {
  n->user_parts = (int)settings_int(s, "partitions.users");
  n->item_parts = (int)settings_int(s, "partitions.items");
  n->segments = (int)settings_int(s, "profile.segments");
  n->iterations = (int)settings_int(s, "profile.iterations");
  n->width = (int)settings_int(s, "als.width");
  n->stride = als_stride(n->width);
  n->rating_stride = als_stride(n->width + 2);
  n->is_explicit = settings_choice(s, "als.feedback") == 1;
  n->steps = (int)settings_int(s, "als.steps");
  n->sweeps = n->refit_sweeps = (double)settings_int(s, "als.sweeps");
  n->exact_share = exact_usually;
  for (int i = 0; i < PLAN_RECOMMENDERS; i++)
    for (int k = 0; k < settings_count(s, "recommender.models"); k++)
      if (strcmp(settings_list_at(s, "recommender.models", k), plan_recommender_name(i)) == 0) n->models |= 1 << i;
  n->spread = spread_usually;
  n->ease_items = (double)settings_int(s, "ease.items");
  n->spectral_vectors = (double)settings_int(s, "spectral.vectors");
  n->spectral_oversampling = (double)settings_int(s, "spectral.oversampling");
  n->spectral_iterations = (double)settings_int(s, "spectral.iterations");
  n->spectral_sharpen = settings_real(s, "spectral.sharpen");
  n->neighbours = (double)settings_int(s, "neighbours.count");
  n->lanes = (int)settings_int(s, "writer.lanes");
  n->batch = (int)settings_int(s, "writer.batch");
  n->epochs = (double)settings_int(s, "writer.epochs");
  n->rounds = (int)settings_int(s, "gan.rounds");
  n->round_texts = (int)settings_int(s, "gan.batch");
  n->rollouts = (int)settings_int(s, "gan.rollouts");
  n->judge_steps = (int)settings_int(s, "gan.discriminator_steps");
  n->candidates = (int)settings_int(s, "generate.candidates");
  n->asked = asked_usually;
  n->kept = kept_usually;
  n->drawn = drawn_usually;
  n->checkpoint_seconds = settings_real(s, "layout.checkpoint_seconds");
}

void plan_job_bound(const settings *s, plan_numbers *n) {
  const int width = condition_width((condition_shape){n->segments, n->width});
  n->writer.embedding = (int)settings_int(s, "writer.embedding");
  n->writer.hidden = (int)settings_int(s, "writer.hidden");
  n->writer.layers = (int)settings_int(s, "writer.layers");
  n->writer.condition = width;
  n->judge = (discriminator_shape){n->writer.vocabulary, JUDGE_EMBEDDING, JUDGE_FILTERS, JUDGE_HIDDEN, width};
  n->messages = fmax(0, (n->users - n->suppressed) * (1 - settings_real(s, "decide.holdout_share")));
}

/* The number behind "NAME": in the members of a summary, or `otherwise`. */
static double member(const char *summary, const char *name, double otherwise) {
  const char *at = summary != NULL ? strstr(summary, name) : NULL;
  return at != NULL ? strtod(at + strlen(name), NULL) : otherwise;
}

static void learn_texts(const accounts *a, plan_numbers *n) {
  const double texts = (double)accounts_get(a, "candidates"), messages = (double)accounts_get(a, "messages");
  if (texts <= 0 || messages <= 0) return;
  const double kept = (double)(accounts_get(a, "rule.kept") - accounts_get(a, "candidates_strange") -
                               accounts_get(a, "candidates_repeated"));
  n->asked = fmax(1, texts / messages / n->candidates);
  n->kept = fmin(1, fmax(0.01, kept / texts));
  n->drawn = (double)accounts_get(a, "source.template") / messages;
}

status plan_job_learn(const char *run, const settings *s, arena *a, plan_numbers *n, int *used) {
  stage_done done;
  int found = 0;
  *used = 0;
  if (stage_done_read(run, "train", a, &done, &found) == STATUS_OK && found) {
    n->epochs = fmin(n->epochs, fmax(1, member(done.summary, "\"epochs\":", n->epochs)));
    *used = 1;
  }
  if (stage_done_read(run, "factorise", a, &done, &found) == STATUS_OK && found) {
    const double best = (double)accounts_get(&done.numbers, "sweeps");
    const double most = n->sweeps, patience = (double)settings_int(s, "als.patience");
    if (best > 0) n->refit_sweeps = fmin(best, most);
    if (best > 0) n->sweeps = fmin(most, best + patience);
    *used = 1;
  }
  if (stage_done_read(run, "generate", a, &done, &found) == STATUS_OK && found) {
    learn_texts(&done.numbers, n);
    *used = 1;
  }
  return STATUS_OK;
}

static status learn(const settings *s, arena *a, plan_job *out) {
  char *folder = NULL;
  const char *run = NULL;
  int used = 0;
  TRY(arena_print(a, &folder, "%s/%s", settings_text(s, "runs"), settings_text(s, "job")));
  TRY(nights_latest(folder, a, &run));
  if (run == NULL) return STATUS_OK;
  TRY(plan_job_learn(run, s, a, &out->numbers, &used));
  if (used) out->earlier = run;
  return STATUS_OK;
}

static void describe_nodes(const settings *s, plan_job *out) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN), pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  const int ranks = (int)settings_int(s, "layout.ranks_per_node");
  const double memory = settings_real(s, "layout.node_memory") * 1024 * 1024 * 1024;
  out->node_memory = memory > 0 ? memory : (double)pages * (double)size;
  out->network = (plan_network){.ranks_per_node = ranks > 0   ? ranks
                                                  : cores > 0 ? (int)cores
                                                              : 1,
                                .latency = settings_real(s, "layout.network_latency") * 1e-6,
                                .byte = 1e-9 / settings_real(s, "layout.network_bandwidth"),
                                .node_latency = node_latency,
                                .node_byte = 2 * out->rates.copy};
}

/* Where the night's files will be, if that folder is there already. */
static const char *writable(const settings *s) {
  const char *runs = settings_text(s, "runs"), *scratch = getenv("TMPDIR");
  if (file_exists(runs)) return runs;
  return scratch != NULL && scratch[0] != '\0' ? scratch : "/tmp";
}

/* Rows of a file of events with a time and a kind, names of ids, titles: about as long as they are elsewhere. A row is
 * read as fast as on the machine that bench was written on. */
static void imagine(const plan_platform *p, plan_numbers *n, plan_rates *r) {
  n->rows = n->events = p->events;
  n->pairs = 0.95 * p->events;
  n->users = p->users;
  n->items = p->items;
  n->row_bytes = 34;
  n->user_name = 10;
  n->item_text = 60;
  n->item_words = 6;
  n->words = fmin(1e6, 2 * p->items);
  n->catalogue_bytes = 80 * p->items;
  n->judged = 0.5 * p->users;
  n->targets = 0.1 * n->pairs;
  r->row = row_usually;
  r->catalogue = catalogue_usually;
}

status plan_job_imagine(const settings *s, const plan_platform *p, plan_job *out) {
  *out = (plan_job){0};
  plan_job_shapes(s, &out->numbers);
  imagine(p, &out->numbers, &out->rates);
  TRY(plan_recommender_choose(&out->numbers, &out->dropped));
  TRY(plan_measure_models_only(&out->numbers, writable(s), &out->rates));
  describe_nodes(s, out);
  return STATUS_OK;
}

status plan_job_read(const settings *s, arena *a, plan_job *out) {
  *out = (plan_job){0};
  comm *alone = NULL;
  TRY(ARENA(a, 1, &alone));
  alone->size = 1;
  stage reader = {.comm = alone,
                  .settings = s,
                  .job = settings_text(s, "job"),
                  .name = "plan",
                  .seed = (uint64_t)settings_int(s, "seed"),
                  .quiet = 1,
                  .arena = a};
  copy lines;
  plan_job_shapes(s, &out->numbers);
  TRY(digest_key_load(settings_text(s, "privacy.key_file"), reader.seed, &reader.key));
  TRY(plan_inputs_read(&reader, &out->numbers, &out->rates, &out->found));
  TRY(plan_copy_read(&reader, &out->numbers, &out->rates, &lines));
  plan_job_bound(s, &out->numbers);
  TRY(plan_recommender_choose(&out->numbers, &out->dropped));
  TRY(plan_measure_all(&out->numbers, &lines, writable(s), &out->rates));
  describe_nodes(s, out);
  return learn(s, a, out);
}
