/* The nouns of data/ in files of the run's work folder, one function to save and one to load each. Files of logical
 * partitions are named NAME-00017-of-00064.nmt. Loads verify checksums and that every row number is in range.
 * All fail with STATUS_MISSING, STATUS_DATA or STATUS_IO and name the path. */
#ifndef IO_WORK_FILE_H
#define IO_WORK_FILE_H

#include "base/arena.h"
#include "base/status.h"
#include "data/catalogue.h"
#include "data/copy.h"
#include "data/decision.h"
#include "data/factors.h"
#include "data/profile.h"
#include "data/users.h"

/* RUN/work/STAGE/NAME.nmt, or RUN/work/STAGE/NAME-00017-of-00064.nmt where count > 0. */
status work_file_path(arena *a, const char *run, const char *stage, const char *name, int index, int count, char **out);

status work_file_save_catalogue(const char *path, const catalogue *c);
status work_file_load_catalogue(const char *path, arena *a, catalogue *out);

status work_file_save_users(const char *path, const users *u);
/* items: rows of the catalogue, to check item rows against. */
status work_file_load_users(const char *path, int32_t items, arena *a, users *out);

status work_file_save_profiles(const char *path, const profiles *p);
status work_file_load_profiles(const char *path, arena *a, profiles *out);

status work_file_save_words(const char *path, const words *w, int32_t items);
status work_file_load_words(const char *path, int32_t items, arena *a, words *out);

status work_file_save_factors(const char *path, const factors *f);
status work_file_load_factors(const char *path, arena *a, factors *out);

status work_file_save_item_model(const char *path, const item_model *m);
status work_file_load_item_model(const char *path, arena *a, item_model *out);

status work_file_save_candidates(const char *path, const candidate_lists *c);
/* items: rows of the catalogue, to check item rows against. */
status work_file_load_candidates(const char *path, int32_t items, arena *a, candidate_lists *out);

status work_file_save_copy(const char *path, const copy *c);
status work_file_load_copy(const char *path, arena *a, copy *out);

status work_file_save_decisions(const char *path, const decisions *d);
status work_file_load_decisions(const char *path, arena *a, decisions *out);

#endif
