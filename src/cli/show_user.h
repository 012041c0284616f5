/* What `nightmail show` prints of one user. */
#ifndef CLI_SHOW_USER_H
#define CLI_SHOW_USER_H

#include "base/status.h"
#include "data/catalogue.h"
#include "data/decision.h"
#include "data/message.h"
#include "data/profile.h"
#include "data/users.h"

typedef struct show_user {
  catalogue items;
  users users; /* of the user's partition */
  user_row row;
  int partition;
  int has_profile; /* 0: the stage has not run */
  profiles profiles;
  words words;
  int has_decision;
  decisions decisions;
  int has_message;
  message message;
} show_user;

/* Whether a table of `count` rows, just loaded from `path`, is of these users, items and words.
 * Fails: STATUS_DATA. */
status show_user_check(const show_user *u, const char *path, int32_t count);

/* To standard output. */
void show_user_print(const show_user *u);

#endif
