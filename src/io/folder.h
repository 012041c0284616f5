/* What lies in a folder, without opening it. */
#ifndef IO_FOLDER_H
#define IO_FOLDER_H

#include <stdint.h>

#include "base/status.h"

/* Files of `folder` whose names begin with `prefix`, those that are still being written (….tmp) left out: how many, and
 * a hash of their names and sizes, whatever the order. A folder that is not there holds none. Fails:
 * STATUS_MISSING where it is no folder, STATUS_IO, STATUS_PERMISSION. */
status folder_count(const char *folder, const char *prefix, int64_t *count, uint64_t *hash);

/* Removes a folder of our own, such as one for a measurement, with all that is in it; links are not followed. What
 * cannot be removed stays. */
void folder_remove(const char *folder);

#endif
