/* The copy that ships in jobs/copy, for tests that hold the house against it. */
#ifndef SUPPORT_STARTER_COPY_H
#define SUPPORT_STARTER_COPY_H

#include "base/arena.h"
#include "data/copy.h"

/* `data` is TEST_DATA. All lines of jobs/copy/NAME.csv, one file after another; `slots` is 0 and `item` -1. Ends the
 * test program with a sentence if they cannot be read. */
copy starter_copy_load(const char *data, arena *a);

#endif
