/* Blocks of bytes of any length between all ranks, where every rank knows all lengths that concern it.
 * Collective. For the files of this floor, and their tests. */
#ifndef COMM_COMM_BLOCKS_H
#define COMM_COMM_BLOCKS_H

#include <stdint.h>

#include "comm/comm.h"

/* Bytes of one message, and of one gathering, at most: MPI counts are int. Less only in tests. */
extern int64_t comm_blocks_most;

/* Every rank's number, in rank order: [size], until the next call of this floor. */
const int64_t *comm_blocks_share(const comm *c, int64_t mine);

/* Block r of `all` goes from rank r, where it stands already, to all others.
 *   start   [size + 1], in bytes, the same on all ranks */
void comm_blocks_gather(const comm *c, char *all, const int64_t *start);

/* Block r of `send` goes to rank r; block r of `receive` comes from there. Empty blocks are no messages.
 *   send_start, receive_start   [size + 1], in bytes */
void comm_blocks_exchange(const comm *c, const char *send, const int64_t *send_start, char *receive,
                          const int64_t *receive_start);

#endif
