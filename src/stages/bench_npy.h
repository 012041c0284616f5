/* Arrays in the format of numpy.save, version 1.0 (numpy.lib.format): for programs that are measured beside ours. */
#ifndef STAGES_BENCH_NPY_H
#define STAGES_BENCH_NPY_H

#include <stdint.h>

#include "base/status.h"

typedef enum bench_npy_type { BENCH_NPY_F32, BENCH_NPY_I32, BENCH_NPY_I64 } bench_npy_type;

/* Writes FOLDER/NAME.npy, [rows] where columns is 0, else [rows, columns]. Fails: STATUS_IO, STATUS_PERMISSION. */
status bench_npy_write(const char *folder, const char *name, bench_npy_type type, int64_t rows, int64_t columns,
                       const void *values);

#endif
