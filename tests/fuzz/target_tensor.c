/* io/tensor_file and io/work_file: what stages hand to each other, and the payloads of checkpoints.
 * Input: which noun it is loaded as, and how much of it is put right first (nothing; checksums; also offsets and
 * sizes); the file. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "io/digest.h"
#include "io/tensor_file.h"
#include "io/work_file.h"
#include "tensor.pb-c.h"

enum { PREAMBLE = 16, CHECKSUM = 8, ALIGNMENT = 64, NOUNS = 9, ITEMS = 2 };

typedef Nightmail__V1__TensorFile header_record;
typedef Nightmail__V1__TensorFile__Tensor tensor_record;

static uint64_t aligned(uint64_t offset) { return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

static uint64_t element_bytes(uint32_t type) {
  static const uint8_t bytes[] = {0, 1, 4, 8, 4, 8, 4, 8};
  return type < sizeof bytes ? bytes[type] : 0;
}

/* Places and checksums of the tensors that lie within the `room` bytes at `payloads`. */
static void put_right(header_record *header, const uint8_t *payloads, uint64_t room, int with_layout) {
  uint64_t end = 0;
  for (size_t i = 0; i < header->n_tensor; i++) {
    tensor_record *t = header->tensor[i];
    const uint64_t most = INT32_MAX;
    if (with_layout && t->rows < most && t->columns < most) {
      t->offset = aligned(end);
      t->bytes = t->rows * t->columns * element_bytes(t->type);
      end = t->offset + t->bytes;
    }
    if (t->offset <= room && t->bytes <= room - t->offset)
      t->digest = digest_block(payloads + t->offset, (size_t)t->bytes);
  }
}

/* The file around a header that has been put right. */
static const char *write_repaired(const uint8_t *bytes, size_t count, int with_layout) {
  uint64_t length = 0;
  if (count >= PREAMBLE + CHECKSUM) memcpy(&length, bytes + 8, sizeof length);
  if (count < PREAMBLE + CHECKSUM || length > count - PREAMBLE - CHECKSUM) return fuzz_file("work.nmt", bytes, count);
  header_record *header = nightmail__v1__tensor_file__unpack(NULL, (size_t)length, bytes + PREAMBLE);
  const uint64_t start = aligned(PREAMBLE + length + CHECKSUM), room = start < count ? count - start : 0;
  if (header != NULL) put_right(header, bytes + count - room, room, with_layout);
  const uint64_t size = header != NULL ? nightmail__v1__tensor_file__get_packed_size(header) : length;
  const uint64_t begin =
      header == NULL || header->n_tensor > 0 ? aligned(PREAMBLE + size + CHECKSUM) : PREAMBLE + size + CHECKSUM;
  uint8_t *file = calloc(1, (size_t)(begin + room));
  FUZZ_HOLDS(file != NULL);
  memcpy(file, bytes, 8);
  memcpy(file + 8, &size, sizeof size);
  if (header != NULL)
    nightmail__v1__tensor_file__pack(header, file + PREAMBLE);
  else
    memcpy(file + PREAMBLE, bytes + PREAMBLE, (size_t)length);
  const uint64_t digest = digest_block(file, PREAMBLE + (size_t)size);
  memcpy(file + PREAMBLE + size, &digest, sizeof digest);
  memcpy(file + begin, bytes + count - room, (size_t)room);
  if (header != NULL) nightmail__v1__tensor_file__free_unpacked(header, NULL);
  const char *path = fuzz_file("work.nmt", file, (size_t)(begin + room));
  free(file);
  return path;
}

static void walk_texts(const strings *s) {
  for (int64_t i = 0; i < s->count; i++) FUZZ_HOLDS(strlen(strings_at(s, i)) <= (size_t)strings_length(s, i));
}

/* Whatever a stage may follow without asking lies within its array. */
static void walk_catalogue(const catalogue *c) {
  walk_texts(&c->name);
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    walk_texts(&c->title[l]);
    walk_texts(&c->keywords[l]);
    walk_texts(&c->category_name[l]);
  }
  for (int32_t i = 0; i < c->count; i++) {
    FUZZ_HOLDS(catalogue_find(c, c->id[i]) == i);
    FUZZ_HOLDS(c->category[i] < c->categories && catalogue_title(c, i, LANGUAGE_ZH) != NULL);
    FUZZ_HOLDS(c->domain[i] < DOMAIN_COUNT && c->price[i] + 0 == c->price[i] && c->added[i] + 0 == c->added[i]);
  }
}

static void walk_users(const users *u) {
  walk_texts(&u->name);
  for (int32_t i = 0; i < u->count; i++) {
    for (int64_t e = u->event_offset[i]; e < u->event_offset[i + 1]; e++)
      FUZZ_HOLDS(u->event_item[e] < ITEMS && u->event_meaning[e] < EVENT_MEANINGS && u->event_time[e] + 0 != 1);
    for (int64_t p = u->offset[i]; p < u->offset[i + 1]; p++)
      FUZZ_HOLDS(u->item[p] >= 0 && u->item[p] < ITEMS && u->fold[p] < FOLDS && (u->last[p] != 1 || u->weight[p] == 1));
  }
}

static void walk_words(const words *w) {
  walk_texts(&w->word);
  for (int32_t i = 0; i < ITEMS; i++)
    for (int64_t j = w->item_offset[i]; j < w->item_offset[i + 1]; j++)
      FUZZ_HOLDS(strings_at(&w->word, w->item_word[j]) != NULL);
}

/* Each byte of a tensor is there. */
static void walk_tensors(const tensor_file *f) {
  uint64_t hash = 0;
  for (int i = 0; i < f->count; i++) {
    const tensor *t = &f->tensors[i];
    const size_t bytes = (size_t)((uint64_t)t->rows * (uint64_t)t->columns * element_bytes(t->type));
    hash ^= digest_block(t->data, bytes);
    const tensor *found = NULL;
    FUZZ_HOLDS(tensor_file_find(f, t->name, &found) == STATUS_OK && found->data != NULL);
  }
  FUZZ_HOLDS(hash == 0 || f->count > 0);
}

static status load_factors(const char *path, int with_model, arena *a) {
  item_model m = {0};
  if (with_model)
    TRY(work_file_load_item_model(path, a, &m));
  else
    TRY(work_file_load_factors(path, a, &m.items));
  FUZZ_HOLDS(m.items.width >= 0);
  FUZZ_HOLDS(digest_block(m.items.value, (size_t)m.items.count * (size_t)m.items.width * sizeof(float)) != 1);
  FUZZ_HOLDS(!with_model || digest_block(m.popularity, (size_t)m.items.count * sizeof(float)) != 1);
  return STATUS_OK;
}

static status load_copy(const char *path, arena *a) {
  copy c;
  TRY(work_file_load_copy(path, a, &c));
  for (int64_t i = 0; i < c.count; i++)
    FUZZ_HOLDS(c.lines[i].tone < TONE_COUNT && strlen(c.lines[i].text) < SIZE_MAX / 2);
  return STATUS_OK;
}

static status load_decisions(const char *path, arena *a) {
  decisions d;
  TRY(work_file_load_decisions(path, a, &d));
  for (int32_t i = 0; i < d.count; i++)
    for (int j = 0; j < DECISION_CANDIDATES; j++) FUZZ_HOLDS(d.candidate[i * DECISION_CANDIDATES + j] >= -1);
  return STATUS_OK;
}

static status load_profiles(const char *path, arena *a) {
  profiles p;
  TRY(work_file_load_profiles(path, a, &p));
  for (int32_t i = 0; i < p.count; i++) FUZZ_HOLDS(p.segment[i] >= 0 && p.keyword[i * PROFILE_KEYWORDS] >= -1);
  return STATUS_OK;
}

static status load(const char *path, int noun, arena *a) {
  switch (noun) {
    case 0: {
      catalogue c;
      TRY(work_file_load_catalogue(path, a, &c));
      walk_catalogue(&c);
      return STATUS_OK;
    }
    case 1: {
      users u;
      TRY(work_file_load_users(path, ITEMS, a, &u));
      walk_users(&u);
      return STATUS_OK;
    }
    case 2: {
      words w;
      TRY(work_file_load_words(path, ITEMS, a, &w));
      walk_words(&w);
      return STATUS_OK;
    }
    case 3: return load_profiles(path, a);
    case 4: return load_factors(path, 0, a);
    case 5: return load_factors(path, 1, a);
    case 6: return load_copy(path, a);
    case 7: return load_decisions(path, a);
    default: break;
  }
  tensor_file f;
  TRY(tensor_file_read(path, "checkpoint", a, &f));
  walk_tensors(&f);
  return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  if (count < 1) return 0;
  arena a = {0};
  const int repair = bytes[0] / NOUNS % 3;
  const char *path =
      repair == 0 ? fuzz_file("work.nmt", bytes + 1, count - 1) : write_repaired(bytes + 1, count - 1, repair == 2);
  const status result = load(path, bytes[0] % NOUNS, &a);
  if (result != STATUS_OK) fuzz_failed(result);
  arena_free(&a);
  return 0;
}
