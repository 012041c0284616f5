/* How long a text is where it is shown. */
#ifndef TEXT_WIDTH_H
#define TEXT_WIDTH_H

/* Display columns: East Asian wide and fullwidth characters and emoji take 2, combining and zero-width ones 0
 * (Unicode Standard Annex #11). */
int width_columns(const char *text);

/* UTF-16 code units, in which push and SMS limits are counted; characters outside the BMP take 2. */
int width_utf16(const char *text);

#endif
