/* Tidying titles as catalogues have them, one step each. Used by normalise_title. */
#ifndef TEXT_TITLE_H
#define TEXT_TITLE_H

#include "text/points.h"

/* "SET OF 6 T-LIGHTS" to "Set of 6 T-Lights"; leaves a title alone that has a lower-case letter. */
void title_capitalise(points *p);

/* "Haine, La (Hate) (1995)" to "La Haine (Hate) (1995)", inside brackets too. */
status title_article_first(points *p, arena *a);

/* Cuts to at most `columns` display columns: at a space or beside a Han character if that keeps more than half, else
 * between characters. What would hang in the air at the new end (a comma, "with", an open bracket) goes too. */
status title_cut(points *p, int columns, arena *a);

#endif
