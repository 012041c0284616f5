/* What a model tells whoever trains it while a gradient is being computed: which buckets of it are final, and that some
 * time has passed. */
#ifndef MATH_MODEL_HOOK_H
#define MATH_MODEL_HOOK_H

typedef struct model_hook {
  void *state;
  void (*done)(void *state, int bucket);
  void (*pulse)(void *state);
} model_hook;

static inline void model_hook_done(const model_hook *h, int bucket) {
  if (h != 0) h->done(h->state, bucket);
}

static inline void model_hook_pulse(const model_hook *h) {
  if (h != 0) h->pulse(h->state);
}

#endif
