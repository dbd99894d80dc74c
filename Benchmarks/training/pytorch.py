"""Training steps of recurrent networks in PyTorch: the other side of TrainingBenchmark. One line a measurement, with
symbols a second at its end:

    torch  train  gru  128  62000          (tabs between)

Without --names: whole steps (forwards, backwards, AdamW) on 32 sequences of 32 steps over 27 outcomes, the end symbol
one of them; inputs are one-hot, the first step's all zeros, and are made before the clock starts. With --names FILE:
a GRU with an embedding on minibatches of 32 ragged lines, once as a cell called step by step on rows padded to the
file's longest, and once as torch.nn.GRU on packed sequences; padding does not count, ends do."""

import argparse
import statistics
import time

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
BATCH, STEPS, ALPHABET = 32, 32, 26
REPETITIONS = 5


def rate(step, seconds):
    """Symbols a second: the median of five repetitions. `step` does one step and returns its symbols."""
    for _ in range(3):
        step()
    rates = []
    for _ in range(REPETITIONS):
        symbols, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds / REPETITIONS:
            symbols += step()
        rates.append(symbols / spent)
    return statistics.median(rates)


def optimiser(parameters):
    """All of a kind of tensor in one kernel: the fastest that PyTorch has on a processor."""
    return torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.01, fused=True)


def rectangle_step(cell, units, batch_first):
    """A step on sequences of one length."""
    torch.manual_seed(1)
    network = CELLS[cell](ALPHABET, units, batch_first=batch_first)
    output = nn.Linear(units, ALPHABET + 1)
    adam = optimiser([*network.parameters(), *output.parameters()])
    symbols = torch.randint(ALPHABET, (BATCH, STEPS - 1))
    inputs = functional.pad(functional.one_hot(symbols, ALPHABET).float(), (0, 0, 1, 0))
    targets = functional.pad(symbols, (0, 1), value=ALPHABET)
    if not batch_first:
        inputs, targets = inputs.transpose(0, 1).contiguous(), targets.T.contiguous()
    targets = targets.reshape(-1)

    def step():
        adam.zero_grad(set_to_none=True)
        states, _ = network(inputs)
        functional.cross_entropy(output(states).view(-1, ALPHABET + 1), targets).backward()
        adam.step()
        return BATCH * STEPS

    return step


def vector_step(loss, width, outputs, values):
    """A step of a GRU of 128 units on vectors, each predicted from those before."""
    torch.manual_seed(1)
    network, output = nn.GRU(width, 128), nn.Linear(128, outputs)
    adam = optimiser([*network.parameters(), *output.parameters()])
    targets = (torch.rand(STEPS, BATCH, width) < 0.05).float() if values == "bits" else torch.randn(STEPS, BATCH, width)
    inputs = functional.pad(targets[:-1], (0, 0, 0, 0, 1, 0))

    def step():
        adam.zero_grad(set_to_none=True)
        states, _ = network(inputs)
        loss(output(states), targets).backward()
        adam.step()
        return BATCH * STEPS

    return step


def bernoulli(logits, targets):
    return functional.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / (BATCH * STEPS)


def mixture(outputs, targets, parts=5, width=12):
    """Diagonal normal distributions: logits, means, log deviations."""
    logits, means, logs = outputs.split([parts, parts * width, parts * width], dim=-1)
    means, logs = (x.view(*x.shape[:-1], parts, width) for x in (means, logs))
    z = (targets.unsqueeze(-2) - means) * torch.exp(-logs)
    parts_log = -0.5 * (z * z).sum(-1) - logs.sum(-1)
    return -torch.logsumexp(functional.log_softmax(logits, -1) + parts_log, -1).mean()


class Names:
    """Lines as rows of symbols, 0 the mark before the first and after the last."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        lines = lines[:-1] if lines[-1] == "" else lines
        index = {symbol: i + 1 for i, symbol in enumerate(sorted(set("".join(lines))))}
        self.outcomes = len(index) + 1
        self.lengths = torch.tensor([len(line) + 1 for line in lines])
        width = int(self.lengths.max())
        self.inputs = torch.zeros(len(lines), width, dtype=torch.long)
        self.targets = torch.full((len(lines), width), -1)
        for row, line in enumerate(lines):
            symbols = torch.tensor([index[symbol] for symbol in line], dtype=torch.long)
            self.inputs[row, 1 : len(line) + 1] = symbols
            self.targets[row, : len(line)] = symbols
            self.targets[row, len(line)] = 0

    def draw(self):
        return torch.randint(len(self.lengths), (BATCH,))


def cell_step(names, units):
    """A cell called step by step: each row as long as the file's longest, padding left out of the loss alone."""
    torch.manual_seed(1)
    embedding, cell = nn.Embedding(names.outcomes, units), nn.GRUCell(units, units)
    start, output = nn.Parameter(torch.zeros(1, units)), nn.Linear(units, names.outcomes)
    adam = optimiser([*embedding.parameters(), *cell.parameters(), start, *output.parameters()])

    def step():
        rows = names.draw()
        inputs, targets = names.inputs[rows], names.targets[rows]
        embedded, state, states = embedding(inputs), start.expand(BATCH, -1), []
        for t in range(inputs.shape[1]):
            state = cell(embedded[:, t], state)
            states.append(state)
        logits = output(torch.stack(states, 1))
        loss = functional.cross_entropy(logits.view(-1, names.outcomes), targets.view(-1), ignore_index=-1)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        return int(names.lengths[rows].sum())

    return step


def packed_step(names, units):
    """torch.nn.GRU on packed sequences: no padding is computed."""
    torch.manual_seed(1)
    embedding, network = nn.Embedding(names.outcomes, units), nn.GRU(units, units)
    output = nn.Linear(units, names.outcomes)
    adam = optimiser([*embedding.parameters(), *network.parameters(), *output.parameters()])

    def step():
        rows = names.draw()
        lengths, order = names.lengths[rows].sort(descending=True)
        rows = rows[order]
        inputs = pack_padded_sequence(names.inputs[rows], lengths, batch_first=True)
        targets = pack_padded_sequence(names.targets[rows], lengths, batch_first=True).data
        states, _ = network(PackedSequence(embedding(inputs.data), inputs.batch_sizes))
        adam.zero_grad(set_to_none=True)
        functional.cross_entropy(output(states.data), targets).backward()
        adam.step()
        return len(targets)

    return step


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", nargs="+", choices=CELLS, default=list(CELLS))
    parser.add_argument("--units", nargs="+", type=int, help="default: 64 128 256 512, with --names 64")
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement, after a warm-up")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--vectors", action="store_true", help="a GRU of 128 units on vectors of bits and of real numbers")
    parser.add_argument("--names", metavar="FILE", help="train on these lines")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    def report(what, cell, units, value):
        print("torch", what, cell, units, round(value), sep="\t", flush=True)

    if options.vectors:
        report("bernoulli-88", "gru", 128, rate(vector_step(bernoulli, 88, 88, "bits"), options.seconds))
        report("mixture-5-12", "gru", 128, rate(vector_step(mixture, 12, 5 + 2 * 5 * 12, "reals"), options.seconds))
        return
    if options.names:
        names = Names(options.names)
        for units in options.units or [64]:
            report("names-gru-cell", "gru", units, rate(cell_step(names, units), options.seconds))
            report("names-gru-packed", "gru", units, rate(packed_step(names, units), options.seconds))
        return
    for cell in options.cells:
        for units in options.units or [64, 128, 256, 512]:
            # Which of the two layouts is faster depends on the cell and its size: a short trial decides.
            steps = [rectangle_step(cell, units, batch_first) for batch_first in (False, True)]
            fastest = max(steps, key=lambda step: rate(step, options.seconds / 5))
            report("train", cell, units, rate(fastest, options.seconds))


if __name__ == "__main__":
    main()
