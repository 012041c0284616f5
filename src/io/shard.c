#include "io/shard.h"

#include <stdio.h>

void shard_name(int index, int count, char out[64]) { snprintf(out, 64, "messages-%05d-of-%05d.pb.zst", index, count); }
