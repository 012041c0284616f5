/* Texts in a table on a terminal: aligned by display columns, with nothing in them that would steer the terminal. */
#ifndef CLI_CELL_H
#define CLI_CELL_H

/* Display columns of the text as cell_print prints it. */
int cell_columns(const char *text);

/* Prints the text to standard output, control characters as spaces, and pads it with spaces to `columns`; a longer one
 * is not cut. columns 0: no padding. */
void cell_print(const char *text, int columns);

#endif
