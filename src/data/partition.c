#include "data/partition.h"

int partition_of(user_id id, int count) {
  int bits = 0;
  while ((1 << bits) < count) bits++;
  return bits == 0 ? 0 : (int)(id.high >> (64 - bits));
}

/* Every boundary stands where the work before it comes nearest to its rank's even share of the whole. */
status partition_cut(arena *a, int count, int size, const double *work, partition *out) {
  out->count = count;
  out->size = size;
  TRY(ARENA(a, size + 1, &out->first));
  double total = 0;
  for (int i = 0; i < count; i++) total += work != NULL ? work[i] : 1;
  int at = 0;
  double before = 0;
  for (int r = 1; r < size; r++) {
    const double goal = total * r / size;
    while (at < count) {
      const double next = before + (work != NULL ? work[at] : 1);
      if (next - goal > goal - before) break;
      before = next;
      at++;
    }
    out->first[r] = at;
  }
  out->first[size] = count;
  return STATUS_OK;
}

int partition_owner(const partition *p, int index) {
  int low = 0, high = p->size - 1;
  while (low < high) {
    const int middle = (low + high + 1) / 2;
    if (p->first[middle] <= index)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

int64_t partition_start(int64_t total, int parts, int i) { return total / parts * i + (total % parts) * i / parts; }
