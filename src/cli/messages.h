/* All messages of a finished run, one after another in the order of its shards. */
#ifndef CLI_MESSAGES_H
#define CLI_MESSAGES_H

#include "base/status.h"
#include "io/manifest.h"

/* Calls `visit` for every message; its texts are valid during the call only. Stops at the first failure.
 * Fails: what `visit` fails with; STATUS_MISSING, STATUS_DATA, STATUS_IO of the shards. */
status messages_each(const char *run, const manifest *m, status (*visit)(void *context, const message *m),
                     void *context);

#endif
