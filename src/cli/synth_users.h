/* The user side of a planted platform: who is there, what they like, and what they did. */
#ifndef CLI_SYNTH_USERS_H
#define CLI_SYNTH_USERS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/status.h"
#include "cli/synth_items.h"
#include "io/file.h"

enum { SYNTH_USERS_LIKES = 3, SYNTH_USERS_ROWS_MOST = 4096 };

typedef struct synth_user {
  int64_t index;               /* the user is called u(index + 1) */
  int cell[SYNTH_USERS_LIKES]; /* what is liked: a category and a group of its heads, the favourite first */
  uint32_t frames;             /* bit f: frames that please */
  int language;                /* enum language, or -1: not told */
  int suppressed;
  int hour;                   /* around which the user is there */
  double first_day, last_day; /* of the events' days */
  int rows;                   /* of events, at most SYNTH_USERS_ROWS_MOST */
} synth_user;

/* mean: rows per user. */
synth_user synth_users_draw(const synth_items *items, int64_t index, double mean, int days);

/* Writes the user's events; `begin` is the Unix time of day 0. *rows and *damaged are added to. */
status synth_users_write_events(const synth_items *items, const synth_user *u, int64_t begin, file_writer *w,
                                int64_t *rows, int64_t *damaged);

#endif
