#include "math/kmeans.h"

#include <math.h>
#include <stddef.h>

#include "base/random.h"

static float squared_distance(const float *a, const float *b, int width) {
  float sum = 0;
  for (int c = 0; c < width; c++) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

double kmeans_assign(const float *row, int64_t rows, int width, const float *centre, int clusters, int32_t *assigned,
                     double *sum, int64_t *changed) {
  double total = 0;
  for (int64_t i = 0; i < rows; i++) {
    const float *x = row + i * width;
    int32_t nearest = 0;
    float least = squared_distance(x, centre, width);
    for (int32_t k = 1; k < clusters; k++) {
      const float d = squared_distance(x, centre + (int64_t)k * width, width);
      if (d < least) {
        least = d;
        nearest = k;
      }
    }
    if (changed != NULL) *changed += assigned[i] != nearest;
    assigned[i] = nearest;
    total += (double)least;
    if (sum == NULL) continue;
    double *own = sum + (int64_t)nearest * (width + 1);
    for (int c = 0; c < width; c++) own[c] += (double)x[c];
    own[width] += 1;
  }
  return total;
}

void kmeans_move(const double *sum, int clusters, int width, float *centre) {
  for (int k = 0; k < clusters; k++) {
    const double *own = sum + (int64_t)k * (width + 1);
    if (own[width] <= 0) continue;
    for (int c = 0; c < width; c++) centre[(int64_t)k * width + c] = (float)(own[c] / own[width]);
  }
}

double kmeans_race(const float *row, int64_t rows, int width, const uint64_t *id, const float *centre, uint64_t seed,
                   uint32_t step, float *distance, int64_t *winner) {
  double best = HUGE_VAL;
  *winner = -1;
  for (int64_t i = 0; i < rows; i++) {
    if (centre != NULL) {
      const float d = squared_distance(row + i * width, centre, width);
      if (step <= 1 || d < distance[i]) distance[i] = d;
    }
    const double chance = centre != NULL ? (double)distance[i] : 1;
    if (!(chance > 0)) continue;
    random_stream r = random_open(seed, RANDOM_SEGMENTS, id[i], step);
    const double time = -log1p(-random_unit_f64(&r)) / chance;
    if (time < best) {
      best = time;
      *winner = i;
    }
  }
  return best;
}
