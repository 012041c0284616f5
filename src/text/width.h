/* How long a text is where it is shown. */
#ifndef TEXT_WIDTH_H
#define TEXT_WIDTH_H

/* Display columns: East Asian wide and fullwidth characters and emoji take 2, combining and zero-width ones 0
 * (Unicode Standard Annex #11). */
int width_columns(const char *text);

/* UTF-16 code units, in which push and SMS limits are counted; characters outside the BMP take 2. */
int width_utf16(const char *text);

/* GSM 7-bit units, in which SMS of its alphabet are counted (3GPP TS 23.038): characters of its extension table take 2.
 * -1 where a character is not in the alphabet; the message is then sent in UCS-2. */
int width_gsm7(const char *text);

/* SMS that a message fills: one of 160 units (70 in UCS-2), or parts of 153 (67). */
int width_sms_parts(const char *text);

/* Units that so many SMS hold. */
int width_sms(int parts, int is_gsm7);

/* The lengths of a text, for who counts in several. */
typedef enum width_unit { WIDTH_COLUMNS, WIDTH_UTF16, WIDTH_GSM7, WIDTH_UNITS } width_unit;

/* Length in a unit; -1 where it has none (WIDTH_GSM7). */
int width_in(const char *text, width_unit unit);

#endif
