"""PyTorch's side of the table of writers: training steps and decoding of an LSTM language model on the CPU.

One JSON line a mode: {"task", "mode", "layers", "seconds", "cpu_seconds", "tokens_per_second", ...}; medians over
repeats. Training is forward, backward, clipping and AdamW on one batch; decoding is one step of every row, with an
embedding, the layers, the softmax and the choice of a token.
"""
import argparse
import json
import statistics
import time
import warnings

import torch
from torch import nn


class Writer(nn.Module):
    def __init__(self, vocabulary, width, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, width, layers)
        self.output = nn.Linear(width, vocabulary)

    def forward(self, tokens, state=None):
        hidden, state = self.lstm(self.embedding(tokens), state)
        return self.output(hidden), state


def timed(step, repeats):
    """Medians of wall and CPU seconds of one call, after two that warm up."""
    for _ in range(2):
        step()
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        step()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def autocast(mode):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled="bf16" in mode)


def train_step(a, layers, mode):
    torch.manual_seed(1)
    model = Writer(a.vocabulary, a.width, layers)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    tokens = torch.randint(a.vocabulary, (a.steps + 1, a.batch))
    measure = nn.CrossEntropyLoss()

    def loss_of(inputs, targets):
        logits, _ = model(inputs)
        return measure(logits.view(-1, a.vocabulary), targets.reshape(-1))

    if "compiled" in mode:
        loss_of = torch.compile(loss_of)

    def step():
        optimiser.zero_grad(set_to_none=True)
        with autocast(mode):
            loss = loss_of(tokens[:-1], tokens[1:])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()

    return step


def decode_step(a, layers, mode):
    torch.manual_seed(1)
    model = Writer(a.decode_vocabulary, a.width, layers).eval()
    tokens = torch.randint(a.decode_vocabulary, (1, a.decode_batch))
    state = [torch.zeros(layers, a.decode_batch, a.width)] * 2

    def advance(inputs, hidden, cell):
        logits, (hidden, cell) = model(inputs, (hidden, cell))
        if "sampled" in mode:
            chosen = torch.multinomial(torch.softmax(logits[0].float() / 0.8, -1), 1).t()
        else:
            chosen = logits[0].argmax(-1, keepdim=True).t()
        return chosen, hidden, cell

    if "compiled" in mode:
        advance = torch.compile(advance)

    def step():
        with torch.inference_mode(), autocast(mode):
            chosen, hidden, cell = advance(tokens, *state)
        return chosen, hidden, cell

    return step


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--repeats", type=int, default=7)
    p.add_argument("--layers", type=int, nargs="+", default=[1, 2])
    p.add_argument("--vocabulary", type=int, default=10000)
    p.add_argument("--width", type=int, default=512)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--steps", type=int, default=35)
    p.add_argument("--decode-vocabulary", type=int, default=8000)
    p.add_argument("--decode-batch", type=int, default=256)
    p.add_argument("--no-compile", action="store_true")
    p.add_argument("--tasks", nargs="+", default=["train", "decode"])
    a = p.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(a.threads)
    ways = ["eager"] if a.no_compile else ["eager", "compiled"]
    for layers in a.layers:
        for task, make, kinds, rows in (
            ("train", train_step, [""], a.batch * a.steps),
            ("decode", decode_step, [" sampled", " greedy"], a.decode_batch),
        ):
            if task not in a.tasks:
                continue
            for mode in [f"{number} {way}{kind}" for kind in kinds for number in ("f32", "bf16") for way in ways]:
                line = {"peer": f"torch {torch.__version__}", "task": task, "mode": mode, "layers": layers,
                        "threads": a.threads}
                try:
                    wall, cpu = timed(make(a, layers, mode), a.repeats)
                    line |= {"seconds": round(wall, 5), "cpu_seconds": round(cpu, 5),
                             "tokens_per_second": round(rows / wall, 1), "tokens_per_cpu_second": round(rows / cpu, 1)}
                except Exception as fault:  # a mode that a build of PyTorch lacks is a row of the table too
                    line["failed"] = str(fault).splitlines()[0][:200]
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
