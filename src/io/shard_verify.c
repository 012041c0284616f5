#include <string.h>

#include "data/partition.h"
#include "io/file.h"
#include "io/shard.h"

static status check_header(const char *path, const shard_options *wanted, const shard_options *found) {
  if (strcmp(wanted->job, found->job) != 0 || strcmp(wanted->night, found->night) != 0)
    return status_fail(STATUS_DATA, "%s: belongs to job %s, night %s, but the manifest is that of job %s, night %s",
                       path, found->job, found->night, wanted->job, wanted->night);
  if (wanted->index != found->index || wanted->count != found->count)
    return status_fail(STATUS_DATA, "%s: is shard %d of %d under the name of another", path, found->index,
                       found->count);
  return STATUS_OK;
}

static status check_file(const char *path, const shard_summary *expected) {
  int64_t bytes, modified;
  char digest[DIGEST_TEXT];
  TRY(file_stat(path, &bytes, &modified));
  if (bytes != expected->bytes)
    return status_fail(STATUS_DATA, "%s: has %lld bytes, but the manifest says %lld: it was cut, or is of another run",
                       path, (long long)bytes, (long long)expected->bytes);
  TRY(digest_file(path, digest));
  if (strcmp(digest, expected->digest) != 0)
    return status_fail(STATUS_DATA, "%s: is not the file that the manifest names: it was damaged, or is of another run",
                       path);
  return STATUS_OK;
}

static status check_records(const char *path, shard_reader *r, const shard_options *options,
                            const shard_summary *expected, shard_tally *tally) {
  message m;
  user_id first = {0, 0}, last = {0, 0};
  int more;
  int64_t records = 0;
  char digest[DIGEST_TEXT];
  for (;;) {
    TRY(shard_reader_next(r, &m, &more));
    if (!more) break;
    if (partition_of(m.user, options->count) != options->index)
      return status_fail(STATUS_DATA, "%s: record %lld is of a user of another partition", path, (long long)records);
    if (records++ == 0) first = m.user;
    last = m.user;
    tally->sources[m.source]++;
    tally->languages[m.language]++;
  }
  tally->messages += records;
  shard_reader_digest(r, digest);
  if (records != expected->records)
    return status_fail(STATUS_DATA, "%s: holds %lld messages, but the manifest says %lld", path, (long long)records,
                       (long long)expected->records);
  if (strcmp(digest, expected->plain_digest) != 0 || user_id_compare(first, expected->first) != 0 ||
      user_id_compare(last, expected->last) != 0)
    return status_fail(STATUS_DATA, "%s: holds other messages than the manifest says", path);
  return STATUS_OK;
}

/* Whose shard it is comes first, since a shard of another run would else be called damaged. A shard that does not even
 * open is told by size or digest in most cases; only what escapes them is told by the reader. */
status shard_verify(const char *path, const shard_options *options, const shard_summary *expected, shard_tally *tally) {
  shard_reader *r;
  if (!file_exists(path)) return status_fail(STATUS_MISSING, "%s: is not there, but the manifest names it", path);
  status result = shard_reader_open(path, &r);
  const status opened = result;
  char why[STATUS_TEXT_SIZE];
  memcpy(why, status_text(), sizeof why);
  if (opened == STATUS_OK) result = check_header(path, options, shard_reader_header(r));
  if (opened != STATUS_DATA && result != STATUS_OK) {
    shard_reader_close(r);
    return result;
  }
  result = check_file(path, expected);
  if (result == STATUS_OK && opened != STATUS_OK) {
    status_set_text(why);
    result = opened;
  }
  if (result == STATUS_OK) result = check_records(path, r, options, expected, tally);
  shard_reader_close(r);
  return result;
}
