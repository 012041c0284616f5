/* ROUGE-L (Lin 2004): the longest common subsequence of a text and a reference, over the length of each. */
#ifndef TEXT_ROUGE_H
#define TEXT_ROUGE_H

#include "text/lexicon.h"

/* F of precision and recall in equal parts, of the reference with which it is highest: rouge-score's score_multi. */
status rouge_best(const word_ids *text, const word_ids *reference, int references, arena *a, double *f);

/* F with recall weighing 1.2 times as much, of the best precision and the best recall of any reference: that of the
 * MS-COCO caption evaluation, which the E2E challenge prints. */
status rouge_coco(const word_ids *text, const word_ids *reference, int references, arena *a, double *f);

#endif
