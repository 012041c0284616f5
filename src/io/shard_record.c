#include "io/shard_record.h"

#include <string.h>
#include <xxhash.h>

#include "base/utf8.h"
#include "data/profile.h"

void shard_record_put_user(user_id id, unsigned char out[SHARD_USER_BYTES]) {
  for (int i = 0; i < 8; i++) {
    out[i] = (unsigned char)(id.high >> (56 - 8 * i));
    out[8 + i] = (unsigned char)(id.low >> (56 - 8 * i));
  }
}

user_id shard_record_get_user(const unsigned char bytes[SHARD_USER_BYTES]) {
  user_id id = {0, 0};
  for (int i = 0; i < 8; i++) {
    id.high = id.high << 8 | bytes[i];
    id.low = id.low << 8 | bytes[8 + i];
  }
  return id;
}

size_t shard_record_put_head(unsigned char tag, uint64_t length, unsigned char out[1 + SHARD_VARINT_MOST]) {
  size_t at = 0;
  out[at++] = tag;
  for (; length >= 0x80; length >>= 7) out[at++] = (unsigned char)(length | 0x80);
  out[at++] = (unsigned char)length;
  return at;
}

int shard_record_get_head(const unsigned char *bytes, size_t count, size_t *at, unsigned char *tag,
                          const unsigned char **record, size_t *length) {
  size_t i = *at;
  uint64_t value = 0;
  if (i >= count) return 0;
  *tag = bytes[i++];
  for (int shift = 0;; shift += 7) {
    if (i >= count || shift > 56) return 0;
    value |= (uint64_t)(bytes[i] & 0x7F) << shift;
    if (bytes[i++] < 0x80) break;
  }
  if (value > count - i) return 0;
  *record = bytes + i;
  *length = (size_t)value;
  *at = i + *length;
  return 1;
}

static int all_valid(const char *const *texts, int count) {
  for (int i = 0; i < count; i++)
    if (!utf8_is_valid(texts[i], strlen(texts[i]))) return 0;
  return 1;
}

/* protobuf-c's structs are not const, though packing only reads them. */
status shard_record_from(const message *m, unsigned char user[SHARD_USER_BYTES], message_record *out) {
  const char *const texts[] = {m->user_name, m->item_name, m->text, m->template_text, m->reason};
  if (!all_valid(texts, 5)) return status_fail(STATUS_BUG, "a message to be written is not valid UTF-8");
  shard_record_put_user(m->user, user);
  nightmail__v1__message__init(out);
  out->user_id = (ProtobufCBinaryData){SHARD_USER_BYTES, user};
  out->user = (char *)m->user_name;
  out->item = (char *)m->item_name;
  out->text = (char *)m->text;
  out->language = (Nightmail__V1__Language)((int)m->language + 1);
  out->tone = (Nightmail__V1__Tone)((int)m->tone + 1);
  out->reason = (char *)m->reason;
  out->score = m->score;
  out->probability = m->probability;
  out->source = (Nightmail__V1__Source)((int)m->source + 1);
  out->key = m->key;
  out->hour = m->hour == PROFILE_NO_HOUR ? 0 : 1u + m->hour;
  out->template_ = (char *)m->template_text;
  return STATUS_OK;
}

static int in_range(int value, int count) { return value >= 1 && value <= count; }

int shard_record_to(const message_record *r, message *out) {
  const char *const texts[] = {r->user, r->item, r->text, r->template_, r->reason};
  if (r->user_id.len != SHARD_USER_BYTES || !in_range((int)r->language, LANGUAGE_COUNT) ||
      !in_range((int)r->tone, TONE_COUNT) || !in_range((int)r->source, SOURCE_COUNT) || r->hour > PROFILE_HOURS ||
      !all_valid(texts, 5))
    return 0;
  *out = (message){.user = shard_record_get_user(r->user_id.data),
                   .user_name = r->user,
                   .item_name = r->item,
                   .text = r->text,
                   .template_text = r->template_,
                   .language = (language)((int)r->language - 1),
                   .tone = (tone)((int)r->tone - 1),
                   .source = (source)((int)r->source - 1),
                   .reason = r->reason,
                   .score = r->score,
                   .probability = r->probability,
                   .key = r->key,
                   .hour = r->hour == 0 ? PROFILE_NO_HOUR : (uint8_t)(r->hour - 1)};
  return 1;
}

uint32_t shard_record_u32(const unsigned char *b) {
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

void shard_record_put_u32(uint32_t value, unsigned char *out) {
  for (int i = 0; i < 4; i++) out[i] = (unsigned char)(value >> (8 * i));
}

uint32_t shard_record_checksum(const void *bytes, size_t count) { return (uint32_t)XXH64(bytes, count, 0); }
