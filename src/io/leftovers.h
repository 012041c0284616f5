/* Files that an earlier run has left in a folder and that no later one would write over. */
#ifndef IO_LEFTOVERS_H
#define IO_LEFTOVERS_H

#include "base/status.h"

/* Removes from `folder` the pieces of a night cut into another number of partitions (NAME-00017-of-00064.… where
 * `count` is not 64; 0: all pieces), and what a killed run was writing (….tmp). Other files stay, and folders inside
 * are not entered. A folder that is not there holds none. Fails: STATUS_IO, STATUS_PERMISSION. */
status leftovers_remove(const char *folder, int count);

#endif
