/* Large pages of memory, where the system has them: what is walked through or looked up in at random costs a tenth of
 * the page faults, and fewer walks of page tables, under a virtual machine above all. */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

enum { PAGES_LARGE = 2 << 20 };

/* Asks for large pages under what lies whole in memory[0, bytes), to be called before it is touched. They become
 * resident as wholes, so this is for memory that will be filled. A hint: nothing fails. */
void pages_want_large(void *memory, size_t bytes);

#endif
