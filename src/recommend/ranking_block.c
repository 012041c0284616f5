#include "recommend/ranking_block.h"

#include <stddef.h>

enum { GAP = 4 /* users not asked for that are scored all the same rather than in two blocks */ };

user_row ranking_block_row(const user_row *row, int32_t at) { return row == NULL ? at : row[at]; }

int ranking_block_next(const user_row *row, int32_t rows, ranking_block *b) {
  b->at = b->end;
  if (b->at >= rows) return 0;
  b->first = ranking_block_row(row, b->at);
  user_row last = b->first;
  for (b->end = b->at + 1; b->end < rows; b->end++) {
    const user_row next = ranking_block_row(row, b->end);
    if (next >= b->first + RANKING_BLOCK_USERS || next > last + 1 + GAP) break;
    last = next;
  }
  b->users = last - b->first + 1;
  return 1;
}
