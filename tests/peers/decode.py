"""The table of decoding: PyTorch's steps and ours, the same shapes, one thread a process.

Runs writer_torch.py and `nightmail bench decode` in turns, so that other work on the machine disturbs both alike, and
takes the best round of each: what a CPU second yields only falls when caches are shared with others.
"""
import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
WAYS = {"sampled": "writing, sampled", "greedy": "writing, greedy"}
LISTED = {"sampled": "writing, sampled from 1,500", "greedy": "writing, greedy among 1,500"}


def lines_of(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def torch_round(a, best):
    command = [sys.executable, HERE / "writer_torch.py", "--tasks", "decode", "--layers", *a.layers,
               "--decode-vocabulary", a.vocabulary, "--width", a.width, "--decode-batch", a.batch, "--repeats",
               a.repeats] + (["--no-compile"] if a.no_compile else [])
    for row in lines_of(command):
        if "failed" in row:
            print(f"{row['mode']}: {row['failed']}", file=sys.stderr)
            continue
        name, way = row["mode"].rsplit(" ", 1)
        key = row["layers"], way, f"{row['peer']} {name}"
        best[key] = max(best.get(key, 0), row["tokens_per_cpu_second"])


def our_round(a, best):
    command = [a.program, "bench", "decode", "--json", "--users", a.batch, "--items", a.vocabulary, "--width", a.width]
    rows = {row["figure"]: row["value"] for row in lines_of(command)}
    for layers in a.layers:
        end = f", {layers} layer{'s' if layers > 1 else ''}"
        for way in WAYS:
            for name, figure in (("nightmail", WAYS[way]), ("nightmail, from 1,500", LISTED[way])):
                key = layers, way, name
                best[key] = max(best.get(key, 0), rows.get(figure + end, 0))
    return {name: value for name, value in rows.items() if name.startswith(("messages", "100 million"))}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--program", required=True)
    p.add_argument("--mpiexec", help="not needed here")
    p.add_argument("--rounds", type=int, default=2)
    p.add_argument("--repeats", type=int, default=5)
    p.add_argument("--layers", type=int, nargs="+", default=[1, 2])
    p.add_argument("--vocabulary", type=int, default=8000)
    p.add_argument("--width", type=int, default=512)
    p.add_argument("--batch", type=int, default=256)
    p.add_argument("--no-compile", action="store_true")
    a = p.parse_args()
    best, messages = {}, {}
    for _ in range(a.rounds):
        torch_round(a, best)
        messages = our_round(a, best)
    print(f"decoding: vocabulary {a.vocabulary}, embedding = hidden = {a.width}, batch {a.batch}")
    print(f"{'layers':>6}  {'':<8} {'':<30} {'tokens/CPU-s':>12} {'of torch':>9}")
    for layers, way in sorted({key[:2] for key in best}):
        rivals = [rate for key, rate in best.items() if key[:2] == (layers, way) and key[2].startswith("torch")]
        for key, rate in best.items():
            if key[:2] != (layers, way):
                continue
            ratio = f"{rate / max(rivals):.2f}" if rivals and key[2].startswith("nightmail") else ""
            print(f"{layers:>6}  {way:<8} {key[2]:<30} {rate:>12.0f} {ratio:>9}")
    for name, value in messages.items():
        print(f"{name}: {value:.4g}")


if __name__ == "__main__":
    main()
