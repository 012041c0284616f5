/* What a text must look like before anybody reads it: the part of the copy rules that needs no word list. */
#ifndef TEXT_SHAPE_H
#define TEXT_SHAPE_H

#include "data/language.h"
#include "text/points.h"

/* Stands for a slot in the points that are checked. */
enum { SHAPE_SLOT = 0xFFFC };

/* 1 if the text is well formed: brackets pair and hold something; no doubled space, mark or word; no space before a
 * mark, none missing after one (en); slots apart from each other and from letters (en); more than a heading; does not
 * end in an opening mark, a comma or a colon. */
int shape_holds(const points *p, language l);

/* 0 if no text that begins with these points is well formed. Points before `from` have been looked at before. */
int shape_may_begin(const points *p, int64_t from, language l);

#endif
