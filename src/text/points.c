#include "text/points.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "text/codepoint.h"

status points_of(const char *text, arena *a, points *out) {
  const int64_t length = (int64_t)strlen(text);
  out->count = 0;
  TRY(ARENA(a, length, &out->at));
  for (int64_t at = 0; at < length;) {
    const int64_t from = at;
    const int32_t c = codepoint_next(text, length, &at);
    if (c < 0) return status_fail(STATUS_DATA, "text is not UTF-8 at its byte %lld", (long long)from + 1);
    out->at[out->count++] = c;
  }
  return STATUS_OK;
}

static const UNormalizer2 *normaliser(points_form form, UErrorCode *fault) {
  if (form == POINTS_NFC) return unorm2_getNFCInstance(fault);
  if (form == POINTS_NFD) return unorm2_getNFDInstance(fault);
  return unorm2_getNFKCCasefoldInstance(fault);
}

status points_normalise(const points *in, points_form form, arena *a, points *out) {
  UErrorCode fault = U_ZERO_ERROR;
  UChar *from, *to;
  int32_t from_units = 0, to_units = 0;
  TRY(ARENA(a, 2 * in->count, &from));
  u_strFromUTF32(from, (int32_t)(2 * in->count), &from_units, in->at, (int32_t)in->count, &fault);
  if (fault == U_STRING_NOT_TERMINATED_WARNING) fault = U_ZERO_ERROR;
  const UNormalizer2 *n = normaliser(form, &fault);
  if (U_SUCCESS(fault)) to_units = unorm2_normalize(n, from, from_units, NULL, 0, &fault);
  if (fault == U_BUFFER_OVERFLOW_ERROR || fault == U_STRING_NOT_TERMINATED_WARNING) fault = U_ZERO_ERROR;
  TRY(ARENA(a, (int64_t)to_units + 1, &to));
  if (U_SUCCESS(fault)) unorm2_normalize(n, from, from_units, to, to_units + 1, &fault);
  TRY(ARENA(a, (int64_t)to_units + 1, &out->at));
  int32_t count = 0;
  if (U_SUCCESS(fault)) u_strToUTF32(out->at, to_units + 1, &count, to, to_units, &fault);
  if (U_FAILURE(fault)) return status_fail(STATUS_BUG, "ICU does not normalise a text: %s", u_errorName(fault));
  out->count = count;
  return STATUS_OK;
}

status points_text(const points *p, arena *a, char **out) {
  TRY(ARENA(a, p->count * CODEPOINT_MOST_BYTES + 1, out));
  char *to = *out;
  for (int64_t i = 0; i < p->count; i++) to += codepoint_put(p->at[i], to);
  return STATUS_OK;
}

void points_fold_spaces(points *p) {
  int64_t kept = 0;
  for (int64_t i = 0; i < p->count; i++) {
    const int space = u_isUWhiteSpace(p->at[i]);
    if (space && (kept == 0 || p->at[kept - 1] == ' ')) continue;
    p->at[kept++] = space ? ' ' : p->at[i];
  }
  p->count = kept > 0 && p->at[kept - 1] == ' ' ? kept - 1 : kept;
}
