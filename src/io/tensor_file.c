#include "io/tensor_file.h"

#include <stdio.h>
#include <string.h>

#include "io/digest.h"
#include "io/file.h"
#include "io/proto_memory.h"
#include "tensor.pb-c.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are written as they stand in memory");

typedef Nightmail__V1__TensorFile header_record;
typedef Nightmail__V1__TensorFile__Tensor tensor_record;

enum { ALIGNMENT = 64, FORMAT = 1, PREAMBLE = 16, CHECKSUM = 8 };

static const char magic[8] = {'n', 'm', 't', 'e', 'n', 's', 'o', 'r'};

static uint64_t aligned(uint64_t offset) { return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

/* Bytes of one element, 0 for a type that is not known. */
static size_t element_bytes(tensor_type type) {
  switch (type) {
    case TENSOR_U8: return 1;
    case TENSOR_I32:
    case TENSOR_U32:
    case TENSOR_F32: return 4;
    case TENSOR_I64:
    case TENSOR_U64:
    case TENSOR_F64: return 8;
  }
  return 0;
}

void tensor_file_add(tensor_file *f, const char *name, tensor_type type, int64_t rows, int64_t columns,
                     const void *data) {
  if (f->count++ >= TENSOR_FILE_MOST) return;
  tensor *t = &f->tensors[f->count - 1];
  *t = (tensor){0};
  memcpy(t->name, name, strnlen(name, sizeof t->name - 1));
  t->type = type;
  t->rows = rows;
  t->columns = columns;
  t->data = (void *)data;
}

void tensor_file_add_strings(tensor_file *f, const char *name, const strings *s) {
  char part[2 * TENSOR_FILE_NAME];
  snprintf(part, sizeof part, "%s.offset", name);
  tensor_file_add(f, part, TENSOR_I64, s->count + 1, 1, s->offset);
  snprintf(part, sizeof part, "%s.bytes", name);
  tensor_file_add(f, part, TENSOR_U8, s->offset[s->count], 1, s->bytes);
}

static uint64_t tensor_bytes(const tensor *t) {
  return (uint64_t)t->rows * (uint64_t)t->columns * element_bytes(t->type);
}

/* Says what is in the file and where. The records point into `f`, so it must outlive them. */
static void describe(const tensor_file *f, tensor_record *records) {
  uint64_t end = 0;
  for (int i = 0; i < f->count; i++) {
    const tensor *t = &f->tensors[i];
    nightmail__v1__tensor_file__tensor__init(&records[i]);
    records[i].name = (char *)t->name;
    records[i].type = (uint32_t)t->type;
    records[i].rows = (uint64_t)t->rows;
    records[i].columns = (uint64_t)t->columns;
    records[i].offset = aligned(end);
    records[i].bytes = tensor_bytes(t);
    records[i].digest = digest_block(t->data, (size_t)records[i].bytes);
    end = records[i].offset + records[i].bytes;
  }
}

static status append_zeroes(file_writer *w, uint64_t count) {
  static const char zeroes[ALIGNMENT] = {0};
  return count > 0 ? file_writer_append(w, zeroes, (size_t)count) : STATUS_OK;
}

static status write_header(file_writer *w, const header_record *header) {
  const uint64_t length = nightmail__v1__tensor_file__get_packed_size(header);
  arena a = {0};
  status result = STATUS_OK;
  uint8_t *bytes;
  TRY_DONE(result, ARENA(&a, (int64_t)(PREAMBLE + length + CHECKSUM), &bytes));
  memcpy(bytes, magic, sizeof magic);
  memcpy(bytes + sizeof magic, &length, sizeof length);
  nightmail__v1__tensor_file__pack(header, bytes + PREAMBLE);
  const uint64_t digest = digest_block(bytes, PREAMBLE + (size_t)length);
  memcpy(bytes + PREAMBLE + length, &digest, sizeof digest);
  TRY_DONE(result, file_writer_append(w, bytes, PREAMBLE + (size_t)length + CHECKSUM));
  if (header->n_tensor > 0) {
    const uint64_t end = PREAMBLE + length + CHECKSUM;
    result = append_zeroes(w, aligned(end) - end);
  }
done:
  arena_free(&a);
  return result;
}

static status write_payloads(file_writer *w, const tensor_file *f, const tensor_record *records) {
  uint64_t end = 0;
  for (int i = 0; i < f->count; i++) {
    TRY(append_zeroes(w, records[i].offset - end));
    if (records[i].bytes > 0) TRY(file_writer_append(w, f->tensors[i].data, (size_t)records[i].bytes));
    end = records[i].offset + records[i].bytes;
  }
  return STATUS_OK;
}

status tensor_file_write(const char *path, const char *kind, const tensor_file *f) {
  if (f->count > TENSOR_FILE_MOST)
    return status_fail(STATUS_BUG, "%s: %d tensors are more than the %d a file may hold", path, f->count,
                       TENSOR_FILE_MOST);
  tensor_record records[TENSOR_FILE_MOST], *list[TENSOR_FILE_MOST];
  describe(f, records);
  for (int i = 0; i < f->count; i++) list[i] = &records[i];
  header_record header = NIGHTMAIL__V1__TENSOR_FILE__INIT;
  header.format = FORMAT;
  header.kind = (char *)kind;
  header.n_tensor = (size_t)f->count;
  header.tensor = list;

  file_writer *w;
  TRY(file_writer_open(path, &w));
  status result = write_header(w, &header);
  if (result == STATUS_OK) result = write_payloads(w, f, records);
  if (result == STATUS_OK) return file_writer_commit(w);
  file_writer_abandon(w);
  return result;
}

static status damaged(const char *path, const char *what) {
  return status_fail(STATUS_DATA, "%s: %s; remove it and run its stage again", path, what);
}

/* Payloads must stand exactly where `describe` would have put them, so that none overlap and no byte is unchecked. */
static status check_layout(const char *path, const tensor_record *r, uint64_t room, uint64_t *end,
                           const uint8_t *payloads) {
  const size_t element = element_bytes((tensor_type)r->type);
  uint64_t elements, bytes;
  if (element == 0 || strlen(r->name) >= TENSOR_FILE_NAME || r->rows > INT64_MAX || r->columns > INT64_MAX ||
      __builtin_mul_overflow(r->rows, r->columns, &elements) || __builtin_mul_overflow(elements, element, &bytes) ||
      bytes != r->bytes || r->offset != aligned(*end))
    return damaged(path, "its header contradicts itself");
  if (r->offset > room || bytes > room - r->offset) return damaged(path, "the file has been cut");
  for (uint64_t i = *end; i < r->offset; i++)
    if (payloads[i] != 0) return damaged(path, "there is something between its tensors");
  *end = r->offset + bytes;
  if (digest_block(payloads + r->offset, (size_t)bytes) != r->digest)
    return status_fail(STATUS_DATA, "%s: the tensor %s is damaged; remove the file and run its stage again", path,
                       r->name);
  return STATUS_OK;
}

static status take_tensors(const header_record *header, const char *path, const char *kind, uint8_t *payloads,
                           uint64_t room, tensor_file *out) {
  if (header->format != FORMAT)
    return status_fail(STATUS_DATA, "%s: written in format %u, this program reads format %d", path, header->format,
                       FORMAT);
  if (strcmp(header->kind, kind) != 0)
    return status_fail(STATUS_DATA, "%s: holds %s where %s were expected", path, header->kind, kind);
  if (header->n_tensor > TENSOR_FILE_MOST) return damaged(path, "its header contradicts itself");
  uint64_t end = 0;
  for (size_t i = 0; i < header->n_tensor; i++) {
    const tensor_record *r = header->tensor[i];
    TRY(check_layout(path, r, room, &end, payloads));
    tensor_file_add(out, r->name, (tensor_type)r->type, (int64_t)r->rows, (int64_t)r->columns, payloads + r->offset);
  }
  return end == room ? STATUS_OK : damaged(path, "there is something after its last tensor");
}

/* The payloads stay where the file was read to: the arena aligns it, and the file aligns them. */
status tensor_file_read(const char *path, const char *kind, arena *a, tensor_file *out) {
  *out = (tensor_file){0};
  char *path_copy, *text;
  int64_t count;
  TRY(arena_text(a, path, strlen(path), &path_copy));
  out->path = path_copy;
  TRY(file_read(path, a, &text, &count));
  uint8_t *bytes = (uint8_t *)text;
  const uint64_t size = (uint64_t)count;
  uint64_t length = 0, digest;
  if (size >= PREAMBLE + CHECKSUM) memcpy(&length, bytes + sizeof magic, sizeof length);
  if (size < PREAMBLE + CHECKSUM || memcmp(bytes, magic, sizeof magic) != 0)
    return damaged(path, "not a whole file of tensors");
  if (length > size - PREAMBLE - CHECKSUM) return damaged(path, "the file has been cut, or its header is damaged");
  memcpy(&digest, bytes + PREAMBLE + length, sizeof digest);
  if (digest_block(bytes, PREAMBLE + (size_t)length) != digest) return damaged(path, "its header is damaged");
  proto_memory memory;
  proto_memory_start(&memory, a);
  header_record *header = nightmail__v1__tensor_file__unpack(&memory.allocator, (size_t)length, bytes + PREAMBLE);
  if (header == NULL) return proto_memory_fault(&memory, path, "its header cannot be read; run its stage again");
  const uint64_t end = PREAMBLE + length + CHECKSUM, start = header->n_tensor > 0 ? aligned(end) : end;
  for (uint64_t i = end; i < start && i < size; i++)
    if (bytes[i] != 0) return damaged(path, "there is something between its header and its tensors");
  if (start > size) return damaged(path, "the file has been cut");
  return take_tensors(header, path, kind, bytes + start, size - start, out);
}

static const char *where(const tensor_file *f) { return f->path != NULL ? f->path : "tensors"; }

status tensor_file_find(const tensor_file *f, const char *name, const tensor **out) {
  for (int i = 0; i < f->count; i++)
    if (strcmp(f->tensors[i].name, name) == 0) {
      *out = &f->tensors[i];
      return STATUS_OK;
    }
  return status_fail(STATUS_DATA, "%s: holds no tensor %s", where(f), name);
}

status tensor_file_get(const tensor_file *f, const char *name, tensor_type type, int64_t rows, int64_t columns,
                       void **data, int64_t *found_rows) {
  const tensor *t = NULL;
  TRY(tensor_file_find(f, name, &t));
  if (t->type != type || (rows >= 0 && t->rows != rows) || (columns >= 0 && t->columns != columns))
    return status_fail(STATUS_DATA, "%s: the tensor %s is of another type or shape (%lld × %lld) than expected",
                       where(f), name, (long long)t->rows, (long long)t->columns);
  *data = t->data;
  if (found_rows != NULL) *found_rows = t->rows;
  return STATUS_OK;
}

status tensor_file_get_strings(const tensor_file *f, const char *name, int64_t count, strings *out) {
  char part[2 * TENSOR_FILE_NAME];
  void *offset, *bytes;
  int64_t rows, size;
  snprintf(part, sizeof part, "%s.offset", name);
  TRY(tensor_file_get(f, part, TENSOR_I64, count < 0 ? -1 : count + 1, 1, &offset, &rows));
  snprintf(part, sizeof part, "%s.bytes", name);
  TRY(tensor_file_get(f, part, TENSOR_U8, -1, 1, &bytes, &size));
  *out = (strings){rows - 1, offset, bytes};
  int good = rows >= 1 && out->offset[0] == 0 && out->offset[rows - 1] == size;
  for (int64_t i = 0; good && i < out->count; i++)
    good = out->offset[i] < out->offset[i + 1] && out->offset[i + 1] <= size && out->bytes[out->offset[i + 1] - 1] == 0;
  return good ? STATUS_OK : status_fail(STATUS_DATA, "%s: the texts %s do not lie one after another", where(f), name);
}
