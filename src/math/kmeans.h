/* k-means (Lloyd), in pieces that ranks put together: each logical partition adds its part of the sums.
 * Rows are [rows, width], without padding. Every function gives the same bits on every rank. */
#ifndef MATH_KMEANS_H
#define MATH_KMEANS_H

#include <stdint.h>

/* Assigns each row to its nearest centre (of equals the first) and adds the rows to the sums of their clusters.
 *   centre    [clusters, width]
 *   assigned  [rows], in and out: starts as -1
 *   sum       [clusters, width + 1], the last column counts rows; or NULL
 *   changed   is increased by the rows whose cluster is another one now; or NULL
 * Returns the sum of squared distances. */
double kmeans_assign(const float *row, int64_t rows, int width, const float *centre, int clusters, int32_t *assigned,
                     double *sum, int64_t *changed);

/* Moves each centre to the mean of its rows; a centre without rows stays. sum as above, over all partitions. */
void kmeans_move(const double *sum, int clusters, int width, float *centre);

/* One draw of k-means++ seeding (Arthur and Vassilvitskii 2007): the next centre is a row drawn with probability
 * proportional to its squared distance from the nearest centre so far. Drawn as a race, so that partitions need not
 * know each other's sums: a row's time is exponential / squared distance, keyed by (seed, id, step), and the smallest
 * of all wins (Efraimidis and Spirakis 2006). id        [rows], names of the rows centre    [width], the centre chosen
 * last; NULL in step 0, where every row has distance 1 distance  [rows], squared, to the nearest centre so far; in and
 * out, meaningless before the first centre *winner   the row that won here; -1 if none has a distance above 0 Returns
 * its time; HUGE_VAL if there is none. */
double kmeans_race(const float *row, int64_t rows, int width, const uint64_t *id, const float *centre, uint64_t seed,
                   uint32_t step, float *distance, int64_t *winner);

#endif
