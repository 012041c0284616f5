"""The table of writers: PyTorch's training steps and ours, the same shapes, one thread a process.

Runs writer_torch.py and `nightmail bench writer` in turns, so that other work on the machine disturbs both alike, and
takes the best round of each: what a CPU second yields only falls when caches are shared with others.
"""
import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def lines_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def operations(a, layers):
    """Of forward and backward products, for one token."""
    return 3 * (2 * 4 * a.width * 2 * a.width * layers + 2 * a.width * a.vocabulary)


def keep(best, name, layers, rate):
    best[layers, name] = max(best.get((layers, name), 0), rate)


def torch_round(a, best):
    shapes = ["--vocabulary", a.vocabulary, "--width", a.width, "--batch", a.batch, "--repeats", a.repeats]
    command = [sys.executable, HERE / "writer_torch.py", "--tasks", "train", *shapes]
    for row in lines_of([str(part) for part in command]):
        if "failed" in row:
            print(f"{row['mode']}: {row['failed']}", file=sys.stderr)
        else:
            keep(best, f"{row['peer']} {row['mode']}", row["layers"], row["tokens_per_cpu_second"])


def our_round(a, ranks, best):
    """Returns sgemm's rate, in GFLOP/s."""
    command = [a.mpiexec, "-n", ranks, a.program, "bench", "writer", "--json", "--users", a.batch, "--items",
               a.vocabulary, "--width", a.width]
    sgemm = 0
    for row in lines_of([str(part) for part in command]):
        sgemm = row.get("ceiling", sgemm)
        if row["unit"] == "tokens/s":
            layers, mode = row["figure"].removeprefix("learning, ").split(", ")
            keep(best, f"nightmail {mode}, {ranks} rank{'s' if ranks > 1 else ''}", int(layers.split()[0]),
                 row["value"])
    return sgemm


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--program", required=True)
    p.add_argument("--mpiexec", default="mpiexec")
    p.add_argument("--rounds", type=int, default=2)
    p.add_argument("--repeats", type=int, default=5)
    p.add_argument("--vocabulary", type=int, default=10000)
    p.add_argument("--width", type=int, default=512)
    p.add_argument("--batch", type=int, default=64)
    a = p.parse_args()
    best, sgemm = {}, 0
    for _ in range(a.rounds):
        torch_round(a, best)
        for ranks in (1, 2):
            sgemm = max(sgemm, our_round(a, ranks, best))
    print(f"learning: vocabulary {a.vocabulary}, embedding = hidden = {a.width}, batch {a.batch}, 35 steps")
    print(f"sgemm: {sgemm:.0f} GFLOP/s a core")
    print(f"{'layers':>6}  {'':<30} {'tokens/CPU-s':>12} {'of torch':>9} {'of sgemm':>9}")
    for layers in sorted({key[0] for key in best}):
        peers = {name: rate for (l, name), rate in best.items() if l == layers and name.startswith("torch")}
        for (_, name), rate in [item for item in best.items() if item[0][0] == layers]:
            rivals = {n: r for n, r in peers.items() if "bf16" in name or "f32" in n}
            share = rate * operations(a, layers) / 1e9 / (2 if name.endswith("2 ranks") else 1) / sgemm
            ratio = f"{rate / max(rivals.values()):.2f}" if rivals and name not in peers else ""
            print(f"{layers:>6}  {name:<30} {rate:>12.0f} {ratio:>9} {share:>8.0%}")


if __name__ == "__main__":
    main()
