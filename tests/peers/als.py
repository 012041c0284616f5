"""Two tables. ALS, ours and `implicit`'s (conjugate gradients, its defaults, float32): CPU seconds of an epoch and the
loss after each, computed by one function for both; what a job takes, beside what gathering alone takes; Spark MLlib's
where it can be had. And the best 20 items of every user: ours, `implicit`'s, and NumPy's. See `run --help`."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import scipy.sparse as sparse

REGULARISATION = 0.1
KEEP = 20


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


def run_job(nightmail, name, o, width, *more):
    """What nightmail bench says of a job's own path: its settings, its history, its tables."""
    command = [nightmail, "bench", name, "--width", width, "--json", *more]
    lines = subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout
    return json.loads(lines.splitlines()[0])


def run_spark(folder, o, width):
    here = os.path.dirname(os.path.abspath(__file__))
    command = [sys.executable, f"{here}/als_spark.py", folder, o.users, o.items, width, REGULARISATION]
    got = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    last = (got.stdout.strip() or "Spark MLlib: not measured, it failed").splitlines()[-1]
    try:
        return float(last), ""
    except ValueError:
        return None, last


def rank_by_implicit(by_user, users, items):
    from implicit.cpu.topk import topk
    for first in range(0, len(users), 1000):
        topk(items, users[first:first + 1000], KEEP, filter_query_items=by_user[first:first + 1000], num_threads=1)


def rank_by_numpy(by_user, users, items):
    for first in range(0, len(users), 1000):
        score = users[first:first + 1000] @ items.T
        seen = by_user[first:first + 1000].tocoo()
        score[seen.row, seen.col] = -np.inf
        best = np.argpartition(score, -KEEP, axis=1)[:, -KEEP:]
        at = np.take_along_axis(score, best, axis=1)
        np.take_along_axis(best, np.argsort(-at, axis=1), axis=1)


def print_rankings(o, width, gemm):
    ours = run_job(o.nightmail, "topk", o, width)
    shape = (ours["users"], ours["items"])
    random = np.random.default_rng(1)
    users, items = (random.standard_normal((n, width), dtype=np.float32) for n in shape)
    pairs = random.integers(0, shape[0] * shape[1], ours["events"])
    by_user = sparse.csr_matrix((np.ones(len(pairs), np.float32), (pairs // shape[1], pairs % shape[1])), shape=shape)
    flops = 2.0 * width * shape[0] * shape[1]
    rates = [("nightmail", ours["value"])]
    for name, rank in (("implicit", rank_by_implicit), ("NumPy", rank_by_numpy)):
        began = time.process_time()
        rank(by_user, users, items)
        rates.append((name, flops / (time.process_time() - began) / 1e9))
    for name, rate in rates:
        print(f"best {KEEP} of {shape[1]} for {shape[0]} users, {name:10} {width:4} {flops / rate / 1e9:7.3f} CPU s "
              f"{rate:6.1f} GFLOP/s, {100 * rate / gemm:.0f} % of sgemm", flush=True)


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
    p.add_argument("--nightmail", required=True)
    p.add_argument("--spark", action="store_true")
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
        job = run_job(o.nightmail, "als", o, width, "--users", o.users, "--items", o.items, "--events", o.events)
        print(f"{'nightmail, a job':24} {width:4} {job['value']:7.3f} {'':7} {usual / job['value']:6.2f}  "
              f"gathering its rows alone: {job['ceiling']:.3f} CPU s")
        spark, why = run_spark(folder, o, width) if o.spark else (None, "Spark MLlib: only with --spark")
        print(f"{'Spark MLlib':24} {width:4} {spark:7.3f} {'':7} {usual / spark:6.2f}" if spark else why, flush=True)
        print_rankings(o, width, gemm)


main()
