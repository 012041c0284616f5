/* `nightmail synth`: a platform of any size with planted tastes, for the demo, for tests and for scaling. */
#ifndef CLI_SYNTH_H
#define CLI_SYNTH_H

#include "base/status.h"

/* argv[0] is "synth": DIR [--users N] [--items M] [--seed S] [--events E] [--days D] [--matrix]. Writes into DIR, made
 * if absent (with --matrix see stages/bench_csv.h): items.csv
 * item,domain,title_zh,title_en,category_zh,category_en,price,old_price,keywords_zh,keywords_en, added,available
 *   users.csv        user,language
 *   events.csv       user,item,time,kind,price      a user's events together, ascending by time
 *   suppression.txt  a user id a line, about 1 % of the users
 * The same arguments give the same bytes. Memory grows with the items only.
 * Fails: STATUS_USAGE, STATUS_IO, STATUS_PERMISSION. */
status synth_command(int argc, char **argv);

#endif
