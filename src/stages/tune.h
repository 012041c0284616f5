/* Finds settings for each model of a job on its validation cut, and writes them as a job file.
 *
 * Random search with successive halving (Jamieson and Talwalkar 2016): each model's trials are dealt to tune.brackets
 * brackets; in a bracket all are looked at cheaply, the best third three times as hard, and so on. The best of the
 * brackets' winners, or the job's own settings where these are better, are refined: one setting is moved at a time, as
 * long as that helps. Then the models, with what was found, are weighed
 * against each other, and those that the blend does without are left out of the job.
 *
 * Reads     work/ingest/items, users-I-of-P, of a run with STAGE_TUNE: what evaluate.protocol holds back for a test is
 *           not looked at, and inputs.test is not even opened
 * Writes    RUN/trials/MODEL-TRIAL-RUNG-DIGEST.json: a trial's score; those that are there are not tried again
 *           RUN/tuned.yaml: the job with the best settings; work/tune/best.jsonl: a line for each model
 *           A task of several (tune.tasks) has the run folder RUN/task-I and writes only its brackets' trials.
 * Restarts  after the last trial that has a file
 * Fails     STATUS_DATA where nobody can be judged; as the models do */
#ifndef STAGES_TUNE_H
#define STAGES_TUNE_H

#include "stages/stage.h"

status tune_run(stage *s);

/* Local. RUN/tuned.yaml, and RUN/work/tune/best.jsonl. */
status tune_paths(const char *run, arena *a, char **job, char **lines);

#endif
