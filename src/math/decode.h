/* Writing texts with the trained writer under constraints: many requests at once, a finished row's place going to the
 * next one. Legend: V vocabulary, S slots, H hidden, D facts (math/generator.h).
 *
 * Weights are made ready once (decode_model): the first layer's input product is a row of a table [V, 4H], the
 * condition is folded into each row's gate bias, the other products run on packed bf16 weights with sums in f32 where
 * the CPU has them (math/bf16.h), else on f32. A request names the list of tokens that it may use (decode_list): only
 * these are scored, and "the model" below is the model over its list.
 *
 * What a row may say next is decided inside the search. A coverage mask lets every required slot out, no slot oftener
 * than it may come, and closes </s> until all required ones are out. Budgets of length close in time: what is left
 * never falls below what the missing slots need. A guard (a caller's automaton over tokens) refuses tokens one by one:
 * a token is drawn first and asked about then, and after a refusal another is drawn from what is left, which is the
 * model's distribution over what the guard allows. Where masks and guard leave the model almost nothing that it would
 * say (DECODE_LEAST_MASS), the row goes a token back and takes another way, or, where the masks alone are to blame,
 * begins anew, all in all `retries` times; then it is given up rather than bent: its count is 0.
 *
 * Randomness is keyed by the row's id and attempt, and a row's numbers do not depend on the rows beside it, in the last
 * bit: bf16 products are so by themselves, f32 ones are computed in blocks of a fixed number of rows. */
#ifndef MATH_DECODE_H
#define MATH_DECODE_H

#include <stdint.h>

#include "math/generator.h"

enum {
  DECODE_TOKENS_MOST = 96,
  DECODE_SLOTS_MOST = 64,
  DECODE_UNITS_MOST = 4,     /* in which lengths are counted */
  DECODE_GUARD_BYTES = 128,  /* of a guard's state */
  DECODE_BEAM_MOST = 32,     /* rows of a beam */
  DECODE_NO_LIMIT = 1 << 28, /* as a budget */
  DECODE_NEVER_FITS = 255    /* as a width */
};

/* Share of the model's own next-token probability that masks and guard must leave open, unless a request says less. */
#define DECODE_LEAST_MASS 0.2f

/* What is the same for all rows. */
typedef struct decode_vocabulary {
  int begin, end;            /* <s>, </s> */
  int slots;                 /* S */
  const int16_t *slot;       /* [V]: the slot that a token is, or -1 */
  const int32_t *slot_token; /* [S]: the token of each slot */
  int units;
  const uint8_t *width[DECODE_UNITS_MOST]; /* [units] of [V]: the token's length in each unit (slots: 0);
                                              DECODE_NEVER_FITS: none that has a limit in this unit may hold it */
} decode_vocabulary;

/* A weight matrix of a product. Private. */
typedef struct decode_matrix {
  int depth, width;
  const void *value; /* bf16_right of it; or f32, [width, depth] where `turned`, else [depth, width] */
  int turned;
} decode_matrix;

/* Weights made ready for decoding. Fields are private. */
typedef struct decode_model {
  generator_shape shape;
  const decode_vocabulary *vocabulary;
  generator_parameters at;
  int halves;              /* 1: bf16 */
  const void *table;       /* [V, 4H], bf16 or f32: embedding × W of the first layer */
  const float *read_table; /* [V, D]: embedding × W_r */
  decode_matrix input[GENERATOR_LAYERS_MOST], recurrent[GENERATOR_LAYERS_MOST], facts[GENERATOR_LAYERS_MOST];
  decode_matrix read, projection;
} decode_model;

/* The tokens that a text may hold. Fields are private; token[1 + S, count) are those of decode_list_prepare. */
typedef struct decode_list {
  int count;                               /* positions: </s>, slots, then tokens */
  const int32_t *token;                    /* [count] */
  const float *bias;                       /* [count] */
  const uint8_t *width[DECODE_UNITS_MOST]; /* [units] of [count] */
  int widest[DECODE_UNITS_MOST];           /* among those that ever fit */
  int never[DECODE_UNITS_MOST];            /* 1 if some never fit */
  decode_matrix output;
} decode_list;

/* Floats of memory for decode_model_prepare. */
int64_t decode_model_floats(const generator_shape *s);

/* Makes weights ready; `block`, `v` and `memory` must outlive *out. Costs a product [V, E] × [E, 4H]. */
void decode_model_prepare(const generator_shape *s, const float *block, const decode_vocabulary *v, float *memory,
                          decode_model *out);

/* Floats of memory for a list of `count` tokens, </s> and slots among them or not. */
int64_t decode_list_floats(const generator_shape *s, const decode_vocabulary *v, int count);

/* A list of tokens[count], ascending; <s>, </s> and slots among them are passed over, as </s> and slots are in every
 * list. tokens NULL: the whole vocabulary, and `count` is V. The model and `memory` must outlive *out. */
void decode_list_prepare(const decode_model *m, const int32_t *tokens, int count, float *memory, decode_list *out);

/* An automaton over tokens that says what may follow. */
typedef struct decode_guard {
  const void *context;
  /* State before the first token; NULL: all 0. */
  void (*begin)(const void *context, void *state);
  /* 1 if `token` (</s>: the end) may stand behind tokens[count], with the state behind it in *after (not for </s>). */
  int (*next)(const void *context, const void *state, const int32_t *tokens, int count, int token, void *after);
} decode_guard;

/* Fields that are not named are 0: none of it. */
typedef struct decode_request {
  const float *condition;                        /* [C] */
  const float *facts;                            /* [D] at the beginning; NULL without */
  const decode_list *list;                       /* of the model that it is decoded with */
  uint64_t required;                             /* slots that come, exactly once */
  uint64_t optional;                             /* slots that may come, at most once */
  uint64_t repeatable;                           /* of these, slots that may come again */
  const uint16_t *slot_width[DECODE_UNITS_MOST]; /* [S] of each unit that has a limit */
  int most[DECODE_UNITS_MOST];                   /* length of the filled text, DECODE_NO_LIMIT or 0: none */
  int max_tokens;                                /* <= DECODE_TOKENS_MOST, </s> included */
  float temperature;                             /* > 0; 0: the likeliest token */
  int top_k;                                     /* > 0: draws among so many likeliest that are open */
  float nucleus;                                 /* in (0, 1): draws among the likeliest with this share together */
  uint64_t id;                                   /* names the random stream, with `attempt` */
  uint32_t attempt;
  int lattice, lattice_place; /* > 0: this is one of so many texts of the id that are drawn apart from each other
                                 (arithmetic sampling: Vilnis et al., ICML 2023); each still follows the model */
  const int32_t *prefix;      /* [prefix_count] the text begins with these; < max_tokens */
  int prefix_count;
  const decode_guard *guard; /* NULL: all may follow */
  int retries;               /* steps back out of dead ends */
  float least_mass;          /* instead of DECODE_LEAST_MASS; 0: that */
} decode_request;

typedef struct decode_result {
  int count; /* tokens, </s> excluded; 0: given up, no text fitted */
  int32_t token[DECODE_TOKENS_MOST];
  float log_probability; /* mean per token behind the prefix, </s> included, of the model (temperature 1, no mask) */
  int refused, retried;  /* tokens that the guard refused; steps back */
} decode_result;

/* Floats of scratch memory for any call: `most` is the largest count of a list. */
int64_t decode_scratch(const generator_shape *s, const decode_vocabulary *v, int most);

/* Writes a text for each request. */
void decode_batch(const decode_model *m, uint64_t seed, const decode_request *requests, int count,
                  decode_result *results, float *scratch);

/* Beam search. With several groups each is searched for itself, but a token costs `diversity` for each row of an
 * earlier group that has just taken it (Vijayakumar et al., AAAI 2018). A group ends when as many of its texts have
 * ended as it has rows. */
typedef struct decode_beam {
  int width;          /* rows of a request, <= DECODE_BEAM_MOST */
  int groups;         /* divides width; 1: plain beam search */
  float diversity;    /* nats */
  float length_power; /* texts are ranked by log-probability / (tokens + 1)^length_power; 1: by the mean, 0: the sum */
  int best;           /* texts wanted, <= width */
} decode_beam;

/* The `best` texts of each request, best first and none twice; a result with count 0 where there are fewer.
 * Temperature, top_k, nucleus, lattice, prefix and retries have no say.
 *   results [count, best] */
void decode_beam_search(const decode_model *m, const decode_beam *b, const decode_request *requests, int count,
                        decode_result *results, float *scratch);

#endif
