/* One message, as it is written and read. */
#ifndef DATA_MESSAGE_H
#define DATA_MESSAGE_H

#include <stdint.h>

#include "data/copy.h"
#include "data/ids.h"

/* Rungs of the fallback ladder, best first. */
typedef enum source { SOURCE_GENERATED, SOURCE_TEMPLATE, SOURCE_GENERIC, SOURCE_COUNT } source;

const char *source_name(source s);

typedef struct message {
  user_id user;
  const char *user_name; /* the platform's own id */
  const char *item_name;
  const char *text;          /* UTF-8, no slot left in it */
  const char *template_text; /* the text before its slots were filled */
  language language;
  tone tone;
  source source;
  const char *reason; /* "because you bought X"; "" if there is none to name */
  float score;
  float probability;
  uint64_t key; /* idempotency key: the same for the same night, user and job, whatever the text */
  uint8_t hour; /* UTC hour in which the user is usually active, or PROFILE_NO_HOUR */
} message;

#endif
