/* Job and partition files: YAML read with libyaml into base/settings. */
#ifndef IO_SETTINGS_FILE_H
#define IO_SETTINGS_FILE_H

#include "base/settings.h"
#include "base/status.h"

/* Reads `path` into `s`. Every fault of the file is reported, one a line, as "path:line:column: …"; unknown keys come
 * with the nearest known key, duplicate keys are faults.
 * Fails: STATUS_MISSING, STATUS_SETTINGS. */
status settings_file_read(const char *path, settings *s);

/* The same for a partition file, which is read after the job file, sets keys of `layout` only, and wins. */
status settings_file_read_partition(const char *path, settings *s);

#endif
