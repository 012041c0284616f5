/* Names of planted items: which categories there are, and the title and keywords of the n-th item of one. */
#ifndef CLI_SYNTH_TITLES_H
#define CLI_SYNTH_TITLES_H

#include <stdint.h>

#include "cli/synth_words.h"
#include "data/language.h"

enum {
  SYNTH_TITLES_CATEGORIES = SYNTH_SHOPS + SYNTH_NEWS + SYNTH_TRAVELS + SYNTH_SOCIALS,
  SYNTH_TITLES_BASE = SYNTH_HEADS * SYNTH_FRAMES, /* titles of a category before editions begin */
  SYNTH_TITLES_SIZE = 256                         /* bytes that hold any title or list of keywords */
};

typedef struct synth_titles_words {
  const synth_category *category;
  domain domain;
  int head, frame, group; /* rows in the category's words */
  int64_t edition;        /* 0: none */
} synth_titles_words;

/* The words of item `place` (from 0) of a category in [0, SYNTH_TITLES_CATEGORIES). `seed` only changes their order:
 * every (head, frame) comes once before any comes again in an edition, so that no two places share a title. */
synth_titles_words synth_titles_pick(int category, int64_t place, uint64_t seed);

void synth_titles_write(const synth_titles_words *w, language l, char out[SYNTH_TITLES_SIZE]);

/* Two to four, separated by ';'. */
void synth_titles_keywords(const synth_titles_words *w, language l, char out[SYNTH_TITLES_SIZE]);

#endif
