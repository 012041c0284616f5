"""One table of ALS, ours and `implicit`'s (conjugate gradients, its defaults, float32): CPU seconds of an epoch and the
loss after each, computed by one function for both. See `run --help`."""
import argparse
import os
import statistics
import subprocess
import time

import numpy as np
import scipy.sparse as sparse

REGULARISATION = 0.1


def loss_of(matrix, users, items):
    """Sum over all pairs of c (p - x.y)^2, c = 1 and p = 0 where nothing was seen, plus the regularisation; in double."""
    gram = (users.T.astype(np.float64) @ users) @ (items.T.astype(np.float64) @ items)
    total = float(np.trace(gram)) + REGULARISATION * (
        float(np.sum(users.astype(np.float64) ** 2)) + float(np.sum(items.astype(np.float64) ** 2)))
    for first in range(0, matrix.shape[0], 4096):
        block = matrix[first:first + 4096].tocoo()
        dot = np.einsum("ij,ij->i", users[first + block.row], items[block.col]).astype(np.float64)
        total += float(np.sum(block.data * (1 - dot) ** 2 - dot ** 2))
    return total


def run_ours(program, folder, o, width, kind):
    command = [program, folder, o.users, o.items, o.events, width, o.epochs, o.steps, kind]
    lines = subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout.split("\n")
    times = [tuple(float(x) for x in line.split()[1:]) for line in lines if line]
    matrix = read_matrix(folder, o)
    losses = [loss_of(matrix, np.load(f"{folder}/users_{e + 1}.npy"), np.load(f"{folder}/items_{e + 1}.npy"))
              for e in range(o.epochs)]
    return times, losses


def read_matrix(folder, o):
    values, columns, offsets = (np.load(f"{folder}/{n}.npy") for n in ("data", "indices", "indptr"))
    return sparse.csr_matrix((values, columns, offsets.astype(np.int32)), shape=(o.users, o.items))


def run_implicit(folder, o, width):
    from implicit.cpu import _als
    by_user = read_matrix(folder, o)
    by_item = by_user.T.tocsr()
    random = np.random.RandomState(0)  # as implicit.cpu.als.AlternatingLeastSquares.fit begins
    users = random.random_sample((o.users, width)).astype(np.float32) * 0.01
    items = random.random_sample((o.items, width)).astype(np.float32) * 0.01
    times, losses = [], []
    for _ in range(o.epochs):
        cpu, wall = time.process_time(), time.time()
        _als.least_squares_cg(by_user, users, items, REGULARISATION, num_threads=1, cg_steps=3)
        _als.least_squares_cg(by_item, items, users, REGULARISATION, num_threads=1, cg_steps=3)
        times.append((time.process_time() - cpu, time.time() - wall))
        losses.append(loss_of(by_user, users, items))
    return times, losses


def ceilings():
    size = 2048
    a = np.ones((size, size), np.float32)
    x = np.ones(1 << 26, np.float32)
    y = np.ones_like(x)
    best_gemm = best_copy = 1e9
    for _ in range(3):
        began = time.process_time()
        a @ a
        best_gemm = min(best_gemm, time.process_time() - began)
        began = time.process_time()
        np.copyto(y, x)
        best_copy = min(best_copy, time.process_time() - began)
    return 2 * size ** 3 / best_gemm / 1e9, 2 * x.nbytes / best_copy / 1e9


def main():
    p = argparse.ArgumentParser(prog="run als")
    p.add_argument("--program", required=True)
    p.add_argument("--folder", required=True)
    p.add_argument("--widths", default="64,128")
    for name, value in (("users", 200000), ("items", 20000), ("events", 10000000), ("epochs", 5), ("steps", 2)):
        p.add_argument(f"--{name}", type=int, default=value)
    o = p.parse_args()
    gemm, copy = ceilings()
    print(f"machine, one thread: sgemm {gemm:.0f} GFLOP/s, copy {copy:.1f} GB/s, {os.cpu_count()} CPUs")
    print(f"{'name':24} {'k':>4} {'CPU s':>7} {'wall s':>7} {'times':>6}  loss after epochs 1 to {o.epochs}")
    for width in (int(w) for w in o.widths.split(",")):
        folder = f"{o.folder}/{width}"
        ours = [(f"nightmail {kind}", *run_ours(o.program, folder, o, width, kind)) for kind in ("whole", "packed")]
        peer = ("implicit, 3 CG steps", *run_implicit(folder, o, width))
        usual = statistics.median(t[0] for t in peer[1])
        for name, times, losses in ours + [peer]:
            cpu, wall = (statistics.median(t[i] for t in times) for i in (0, 1))
            print(f"{name:24} {width:4} {cpu:7.3f} {wall:7.3f} {usual / cpu:6.2f}  "
                  + " ".join(f"{loss:.6g}" for loss in losses), flush=True)


main()
