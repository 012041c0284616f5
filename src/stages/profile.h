/* Second stage: what is known of each user besides factors.
 *
 * Reads   ingest: items.nmt, users-I-of-P.nmt
 * Writes  words.nmt          the words of the items (stages/item_words.h), with idf
 *         profiles-I-of-P.nmt   keywords, segment, recency, frequency, value, hour of each user
 *         numbers            words, segments, segment.K (users in it; the first 40 segments), users_without_words
 * Speaks  words of the items to all ranks; k-means: rows drawn as first centres, sums of clusters
 * Restarts  from the beginning
 * Fails   STATUS_MISSING, STATUS_DATA for files of ingest; STATUS_IO
 *
 * A user's vector is the sum of the TF-IDF vectors of the items touched, each weighted by the weight of the interaction
 * (in which the age of the events is already counted), over all time; with explicit feedback the items count that the
 * user liked or bought, each 1. Keywords are its largest words in the user's language. Segments are k-means over the
 * vector hashed to PROFILE_DIMENSIONS dimensions at unit length; users without words are in segment 0. */
#ifndef STAGES_PROFILE_H
#define STAGES_PROFILE_H

#include "stages/stage.h"

enum { PROFILE_DIMENSIONS = 64 };

status profile_run(stage *s);

#endif
