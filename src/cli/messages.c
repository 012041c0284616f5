#include "cli/messages.h"

static status visit_shard(const char *path, status (*visit)(void *context, const message *m), void *context) {
  shard_reader *r;
  message m;
  int more = 1;
  TRY(shard_reader_open(path, &r));
  status result = shard_reader_next(r, &m, &more);
  while (result == STATUS_OK && more) {
    result = visit(context, &m);
    if (result == STATUS_OK) result = shard_reader_next(r, &m, &more);
  }
  shard_reader_close(r);
  return result;
}

status messages_each(const char *run, const manifest *m, status (*visit)(void *context, const message *m),
                     void *context) {
  arena a = {0};
  status result = STATUS_OK;
  for (int i = 0; i < m->shard_count && result == STATUS_OK; i++) {
    char *path;
    result = arena_print(&a, &path, "%s/%s", run, m->shards[i].name);
    if (result == STATUS_OK) result = visit_shard(path, visit, context);
  }
  arena_free(&a);
  return result;
}
