#include "stages/evaluate_text.h"

#include "io/file.h"
#include "stages/evaluate.h"
#include "stages/evaluate_running.h"
#include "stages/evaluate_speaker.h"

static status write_lines(const stage *s, const json_writer *lines) {
  char *path = NULL;
  TRY(arena_print(s->arena, &path, "%s/work/evaluate", s->run));
  TRY(file_make_folder(path));
  TRY(evaluate_path(s->run, s->arena, &path));
  TRY(lines->failed);
  return file_write(path, lines->bytes, (size_t)lines->used);
}

status evaluate_text_run(stage *s) {
  evaluate_corpus corpus;
  json_writer lines = json_writer_start(s->arena);
  TRY_ALL(s->comm, evaluate_corpus_read(s, &corpus));
  const int is_running = corpus.format == CORPUS_PTB || corpus.format == CORPUS_REVIEWS;
  TRY(is_running ? evaluate_running(s, &corpus, &lines) : evaluate_speaker(s, &corpus, &lines));
  TRY_ALL(s->comm, s->comm->rank == 0 ? write_lines(s, &lines) : STATUS_OK);
  for (int i = 0; i < CORPUS_PARTS; i++) accounts_add(&s->done.numbers, "left_out", corpus.part[i].left_out);
  return stage_commit(s);
}
