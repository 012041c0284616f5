#include "stages/plan_memory.h"

#include <math.h>

#include "data/copy.h"
#include "math/decode.h"
#include "recommend/blend.h"
#include "stages/plan_model.h"
#include "stages/plan_network.h"
#include "stages/plan_recommender.h"
#include "text/width.h"

enum {
  EVENT_BYTES = 32,     /* ingest_event */
  BUCKETS = 64,         /* of ingest_events; one of them is there twice while events are put in order */
  ENTRY_BYTES = 32,     /* ingest_entry */
  TRAVELLER_BYTES = 56, /* of ingest_exchange, with the padding of the name */
  ITEM_BYTES = 128,     /* ingest_item */
  PROFILE_BYTES = 85,   /* a row of data/profile.h */
  DECISION_BYTES = 107, /* … of data/decision.h */
  VECTOR_BYTES = 268,   /* a row of k-means: vector, id, cluster */
  CLAIM_BYTES = 40,     /* generate_duplicates */
  READ_BYTES = 1200000, /* buffer of a table reader */
  UNPACK_BYTES = 3000000,
  SHARD_BYTES = 5000000, /* frame, compressor, index of the shard being written */
  JUDGE_LINES = 64,      /* of validation in a lane */
  LOGIT_ROWS = 384,
  REQUEST_BYTES = 192,
  RESULT_BYTES = 404,
  VOICES = 4, /* lists of tokens of languages and domains, as whole vocabularies */
  PROPOSAL_BYTES = 24,
  DRAWN_LINES = 8,  /* generate_candidates */
  LEARNERS = 20000, /* whom a blend is learned from: fold_ensemble */
  LISTED = 80,      /* of a user's candidates: items and scores, DECISION_CANDIDATES of them */
  TEXT_BLOCK = 64   /* what an arena rounds up to */
};

/* Libraries of language whose pages are touched from training on: SentencePiece and its heap, ICU. */
static const double text_library = 9.5e6, copy_heap = 12;

/* OpenBLAS and LAPACK, whose first calls touch their code and a work buffer; text_library is read with them. */
static const double blas_library = 1.8e6;

static double largest(double a, double b) { return a > b ? a : b; }

static double catalogue(const plan_numbers *n) { return n->items * (n->item_text + 106); }

static double words(const plan_numbers *n) { return n->items * (8 + 4 * n->item_words) + n->words * 21; }

static double power_above(double x) { return x > 1 ? exp2(ceil(log2(x))) : 1; }

/* Users' files of a share of the users, as they are read. */
static double users(const plan_numbers *n, double share) {
  return share * (n->users * (43 + n->user_name) + n->events * 17 + n->pairs * 22);
}

/* A table of ids: entries, names, and slots at most half full. */
static double table(double count, double name) { return count * (ENTRY_BYTES + name + 1) + 4 * power_above(2 * count); }

static double ingest(const plan_numbers *n, int ranks, double share) {
  const double read = n->events / ranks, own = n->events * share, name = n->user_name;
  const double met = fmin(n->users, read), mine = n->users * share; /* users seen, and owned */
  const double away = 1 - 1.0 / ranks;                              /* share of the events that travels */
  double items = 2 * catalogue(n) + n->items * ITEM_BYTES;
  if (n->catalogue_bytes <= 0)
    items +=
        table(n->items, n->item_text / 2) + table(n->titles, n->item_text) + table(n->votes, 0) + table(n->prices, 0);
  const double names = 32 * (power_above(2 * met) + power_above(2 * n->items));
  const double reading = READ_BYTES + (n->is_packed ? UNPACK_BYTES : 0) + EVENT_BYTES * read + table(met, name) + names;
  const double travel = TRAVELLER_BYTES + name;
  /* Travellers in buffers and joined; then the block, what arrived, and the new table. */
  const double people = EVENT_BYTES * read + table(met, name) + 16 * met + 2 * travel * met;
  const double arrived = ranks > 1 ? ranks * fmin(mine, n->events * share / ranks) : mine;
  const double known = 16 * met + travel * (met + arrived) + 12 * arrived + table(mine, name) + 36 * mine;
  /* What is sent and what comes are both there. */
  const double moving =
      known + EVENT_BYTES * largest(own * (1 - away) + (read + own) * away, own * (1 + away) + own / BUCKETS);
  const double part = 1.0 / n->user_parts;
  const double writing = table(mine, name) + 4 * mine + EVENT_BYTES * own + users(n, part) + 16 * n->events * part;
  return items + largest(largest(reading, people), largest(moving, writing));
}

static double profile(const plan_numbers *n, double share) {
  const double mentions = n->items * n->item_words;
  const double finding = mentions * (2 * 12 + 16 + 16 + 16) + mentions * 12;
  const double rows = n->users * share * (PROFILE_BYTES + VECTOR_BYTES);
  const double sums = 12 * n->words + 16 * n->words;
  return catalogue(n) + words(n) +
         largest(finding, rows + sums + largest(users(n, 1.0 / n->user_parts), 4 * n->users * share));
}

/* What a blend is learned from (recommend/blend_pool.c): the best items of each model for each of its users, and room
 * for the score that every model gives to any of these. */
static double pool(const plan_numbers *n, double share) {
  const double terms = __builtin_popcount((unsigned)n->models), users_of = fmin(n->judged, LEARNERS) * share;
  return terms > 1 ? users_of * BLEND_POOL * terms * (8 + 4 + 4 * terms) : 0;
}

/* Models stand side by side until the ranking is done; each is fitted with what the others hold there already. */
static double models(const plan_work *w, const plan_network *network, double *shared) {
  const plan_numbers *n = w->n;
  double standing = 0, peak = 0;
  *shared = plan_recommender_needs_matrix(n->models) ? plan_recommender_matrix(n) : 0;
  for (int i = 0; i < PLAN_RECOMMENDERS; i++) {
    if ((n->models >> i & 1) == 0 && i != PLAN_ALS) continue;
    const plan_fitted m = plan_recommender_cost(w, network, i, 1);
    standing += m.memory;
    *shared += m.shared;
    peak = largest(peak, m.peak);
  }
  return standing + largest(peak, pool(n, w->share));
}

static double factorise(const plan_work *w, const plan_network *network, double *shared) {
  const plan_numbers *n = w->n;
  const double own = n->users * w->share, pairs = n->pairs * w->share;
  const double judged =
      w->share * (n->judged * 20 + n->targets * 8) + pairs * fmin(1, n->judged / fmax(n->users, 1)) * 4;
  const double views = 8 * pairs + 8 * own, lists = own * LISTED * 2;
  const double held = models(w, network, shared);
  return blas_library + catalogue(n) + words(n) + users(n, w->share) + judged + views + lists + held + *shared +
         20 * n->items;
}

/* A training loop: block, gradient, two moments; vectors of the tree; what is on its way at the end of a step. */
static double loop(const plan_numbers *n, int ranks, double parameters, double *sending) {
  const plan_depth tree = plan_network_depth(n->lanes, ranks, PLAN_CUT_EVEN);
  *sending = ranks > 1 ? 4 * parameters * 2 * tree.mean : 0;
  return 4 * parameters * (4 + tree.held);
}

/* What a forward pass alone touches of its scratch: embedded tokens; gates, cells, states before and after dropout; a
 * block of logits. */
static double forward(const generator_shape *s, int sequences, int steps) {
  const double rows = (double)sequences * steps;
  return 4.0 * rows * (s->embedding + 7.0 * s->hidden * s->layers) +
         4.0 * LOGIT_ROWS * (s->vocabulary + s->embedding + s->hidden);
}

/* Weights made ready, lists of tokens, and the memory of a call. */
static double decoding(const plan_numbers *n, int lists) {
  const decode_vocabulary v = {.slots = SLOT_COUNT, .units = WIDTH_UNITS};
  const double list = (double)decode_list_floats(&n->writer, &v, n->writer.vocabulary);
  return 4.0 * ((double)decode_model_floats(&n->writer) + lists * list +
                (double)decode_scratch(&n->writer, &v, n->writer.vocabulary));
}

static double train(const plan_numbers *n, int ranks) {
  const double writer = (double)generator_count(&n->writer), judge = (double)discriminator_count(&n->judge);
  const int lane = (n->batch + n->lanes - 1) / n->lanes, texts = 2 * ((n->round_texts + n->lanes - 1) / n->lanes);
  const int steps = (int)n->tokens_most;
  double sending = 0, judge_sending = 0;
  const double packs = sizeof(uint16_t) * (double)generator_pack_count(&n->writer);
  const double writer_loop = loop(n, ranks, writer, &sending) + packs,
               judge_loop = loop(n, ranks, judge, &judge_sending);
  const generator_dropout some = generator_dropout_even(0.5f);
  const uint16_t some_pack = 0, *pack = packs > 0 ? &some_pack : NULL;
  const generator_batch learnt = {.sequences = lane, .steps = steps, .dropout = some, .packed = pack};
  const generator_batch tuned = {.sequences = texts, .steps = steps, .packed = pack};
  const double first = 4.0 * (double)generator_scratch(&n->writer, &learnt) + sending;
  const double judging = forward(&n->writer, JUDGE_LINES, steps);
  const double second = 4.0 * (double)generator_scratch(&n->writer, &tuned) + sending;
  const double sampled = fmin((double)n->judge_steps * n->round_texts, 2 * n->train_lines);
  const double teaching =
      sampled * (RESULT_BYTES * (1 + 1.0 / ranks) + (REQUEST_BYTES + 4.0 * n->writer.condition + 64) / ranks + 48);
  const double ready = decoding(n, 1);
  const double text = text_library + copy_heap * n->copy_bytes + n->lines * (2 * 40 + 160 + 8 * n->tokens);
  const double fixed = catalogue(n) + 4.0 * n->width * n->items + text + 4 * writer + writer_loop + ready;
  /* Both loops stand until the end, when what ships is judged by a third that has weights only. */
  const double shipping = judging + 4 * writer + packs;
  const double tuning = writer_loop + judge_loop + largest(largest(teaching, second), largest(judge_sending, shipping));
  return fixed + largest(largest(first, judging), tuning);
}

static double side(const plan_numbers *n) {
  return catalogue(n) + words(n) + n->items * (8 + 4.0 * n->width) + text_library + copy_heap * n->copy_bytes;
}

static double decide(const plan_numbers *n) {
  const double part = 1.0 / n->user_parts, one = n->users * part;
  const double models = n->is_explicit ? 2 : 1;
  return side(n) + n->items * (4.0 * n->width * (models - 1) + 46) + users(n, part) + 4 * n->pairs * part +
         one * (8 + PROFILE_BYTES + DECISION_BYTES + 4.0 * n->width * models);
}

/* Hashes of units, pairs, triples and their beginnings, 0.25 different ones a byte in the starter copy, in a table at
 * most half full; while it grows, half of it is there twice. */
static double fluency(const plan_numbers *n) { return 1.5 * 8 * power_above(2 * 0.25 * n->copy_bytes); }

static double generate(const plan_numbers *n, double share) {
  const double messages = n->messages * share, texts = messages * n->candidates * n->asked;
  const double rows = n->users * share * (PROFILE_BYTES + DECISION_BYTES + 4.0 * n->width + 4 + 9);
  const double kept = texts * n->kept, length = 3 * n->tokens;
  /* Of all rounds: users keep pointing to the texts of the round that served them. Room is made for every text that is
   * asked for, and for lines of the copy where the writer has failed a user. */
  const double drawn = messages * n->drawn * DRAWN_LINES;
  const double proposals =
      PROPOSAL_BYTES * (texts + drawn) + (kept + drawn) * TEXT_BLOCK * ceil((length + 1) / TEXT_BLOCK);
  const double claims = kept * 8 + messages * (24 + 2 * 5 + 4 * CLAIM_BYTES);
  const double models = 4 * (double)(generator_count(&n->writer) + discriminator_count(&n->judge));
  const double batch = 256 * (RESULT_BYTES + REQUEST_BYTES + 4 * 96 + 8.0 * n->writer.condition) + decoding(n, VOICES);
  return side(n) + users(n, share) + rows + proposals + models + 8 * n->items + n->lines * 80 + fluency(n) +
         largest(batch, largest(claims, SHARD_BYTES));
}

double plan_memory_stage(const plan_work *w, const plan_network *network, int stage, double *shared) {
  const plan_numbers *n = w->n;
  const int ranks = w->ranks;
  const double share = w->share;
  *shared = 0;
  switch (stage) {
    case PLAN_INGEST: return ingest(n, ranks, share);
    case PLAN_PROFILE: return profile(n, share);
    case PLAN_FACTORISE: return factorise(w, network, shared);
    case PLAN_TRAIN: return train(n, ranks);
    case PLAN_DECIDE: return decide(n);
    case PLAN_GENERATE: return generate(n, share);
    default: return catalogue(n) + text_library + copy_heap * n->copy_bytes + 8 * n->items;
  }
}
