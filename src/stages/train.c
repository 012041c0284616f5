#include "stages/train.h"

#include <math.h>

#include "io/tensor_file.h"
#include "stages/train_gan.h"
#include "stages/train_writer.h"

static status save(const stage *s, const char *name, const int32_t shape[5], const float *block, int64_t count) {
  char *path = NULL;
  tensor_file f = {0};
  tensor_file_add(&f, "shape", TENSOR_I32, 5, 1, shape);
  tensor_file_add(&f, "parameters", TENSOR_F32, count, 1, block);
  TRY(stage_path(s, "train", name, 0, 0, &path));
  return tensor_file_write(path, name, &f);
}

static status save_models(const stage *s, const train_writer *w, const train_gan *g, const float *shipped) {
  const generator_shape *a = &w->shape;
  const discriminator_shape *b = &g->judge_shape;
  const int32_t writer[5] = {a->vocabulary, a->embedding, a->hidden, a->layers, a->condition};
  const int32_t judge[5] = {b->vocabulary, b->embedding, b->filters, b->hidden, b->condition};
  TRY(save(s, "generator", writer, shipped, generator_count(a)));
  return save(s, "discriminator", judge, g->judge, discriminator_count(b));
}

static status run(stage *s, train_data *d) {
  train_writer writer = {0};
  train_gan gan = {0};
  train_gate gate = {0};
  train_sampler sampler;
  TRY(train_data_load(s, d));
  TRY(train_writer_run(s, d, &writer));
  TRY_ALL(s->comm, train_sampler_create(s, d, &writer.shape, &sampler));
  TRY(train_gan_run(s, d, &sampler, writer.block, &gan));
  if (settings_int(s->settings, "gan.rounds") > 0) TRY(train_gate_run(s, d, &sampler, writer.block, gan.block, &gate));
  const float *shipped = gate.shipped ? gan.block : writer.block;
  double loss = 0;
  TRY(train_writer_judge(s, d, &writer.shape, shipped, &loss));
  TRY_ALL(s->comm, s->comm->rank == 0 ? save_models(s, &writer, &gan, shipped) : STATUS_OK);
  char *summary = NULL;
  TRY_ALL(s->comm, arena_print(s->arena, &summary,
                               "\"perplexity\": %.4f, \"trigram_perplexity\": %.4f, \"shipped_perplexity\": %.4f, "
                               "\"lines\": %lld, \"tokens\": %d, \"epochs\": %d, \"discriminator_accuracy\": %.4f, "
                               "\"quality\": %.4f, \"quality_bar\": %.4f, \"distinct-2\": %.4f, \"shipped\": \"%s\"",
                               writer.perplexity, writer.trigram_perplexity, exp(loss), (long long)d->copy.count,
                               writer.shape.vocabulary, writer.epochs, gan.accuracy, gate.tuned.quality, gate.bar,
                               gate.tuned.diversity, gate.shipped ? "gan" : "mle"));
  s->done.summary = summary;
  log_event(s->log, s->name, "learned", LOG_REAL("perplexity", writer.perplexity),
            LOG_REAL("trigram_perplexity", writer.trigram_perplexity), LOG_REAL("shipped_perplexity", exp(loss)),
            LOG_TEXT("shipped", gate.shipped ? "gan" : "mle"));
  return stage_commit(s);
}

status train_run(stage *s) {
  train_data data = {0};
  const status result = run(s, &data);
  train_data_close(&data);
  return result;
}
