/* The members of a finished stage, as DONE.json and MANIFEST.json both hold them. */
#ifndef IO_STAGE_DONE_JSON_H
#define IO_STAGE_DONE_JSON_H

#include "io/sealed_json.h"
#include "io/stage_done.h"

/* Adds them to the object that is open. */
void stage_done_print(json_writer *w, const stage_done *d);

/* Reads them from `root`; `path` is for the sentence. Fails: STATUS_DATA. */
status stage_done_take(const json_t *root, const char *path, arena *a, stage_done *out);

#endif
