"""Ancestral samples of recurrent networks in PyTorch. One line a measurement, with symbols a second at its end (ends
do not count):

    torch  sample-one  gru  128  4400      (tabs between)

sample-one draws one sequence after the other in a plain loop on one thread; sample-256 draws 256 at a time, all rows
going on until the last has ended, on one thread or on two, whichever a short trial finds faster. The networks are randomly initialised, 26 symbols and an end, whose
bias makes sequences about 7 symbols long; none goes beyond 64."""

import argparse
import math
import statistics
import sys
import time

import torch
from torch import nn

CELLS = {"rnn": nn.RNNCell, "gru": nn.GRUCell, "lstm": nn.LSTMCell}
ALPHABET, END, LIMIT, MEAN = 26, 26, 64, 7
REPETITIONS = 5


def network(cell, units):
    """A cell, its output layer, and the inputs: a one-hot row for each symbol."""
    torch.manual_seed(1)
    step, output = CELLS[cell](ALPHABET, units), nn.Linear(units, ALPHABET + 1)
    with torch.no_grad():
        output.bias.zero_()
        # The other logits are about zero: P(end) is about 1 / (MEAN + 1).
        output.bias[END] = math.log(ALPHABET / MEAN)
    return step, output, torch.eye(ALPHABET)


@torch.no_grad()
def draw_one(step, output, rows):
    """One sequence's symbols."""
    memory, inputs, symbols = None, torch.zeros(1, ALPHABET), []
    while len(symbols) < LIMIT:
        memory = step(inputs, memory)
        state = memory[0] if isinstance(memory, tuple) else memory
        symbol = torch.multinomial(torch.softmax(output(state), 1), 1).item()
        if symbol == END:
            break
        symbols.append(symbol)
        inputs = rows[symbol : symbol + 1]
    return symbols


@torch.no_grad()
def draw_batch(step, output, rows, count):
    """The lengths of `count` sequences drawn together, as one tensor."""
    memory, inputs = None, torch.zeros(count, ALPHABET)
    lengths, alive = torch.zeros(count, dtype=torch.long), torch.ones(count, dtype=torch.bool)
    drawn = []
    for _ in range(LIMIT):
        memory = step(inputs, memory)
        state = memory[0] if isinstance(memory, tuple) else memory
        symbols = torch.multinomial(torch.softmax(output(state), 1), 1).squeeze(1)
        alive &= symbols != END
        if not alive.any():
            break
        lengths += alive
        drawn.append(symbols)
        # Rows that have ended go on with any symbol; what they draw is not looked at.
        inputs = rows[symbols.clamp(max=ALPHABET - 1)]
    return lengths


def rate(draw, seconds):
    """Symbols a second, the median of five repetitions, and the mean length. `draw` returns symbols and sequences."""
    draw()
    rates, totals = [], [0, 0]
    for _ in range(REPETITIONS):
        symbols, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds / REPETITIONS:
            more, sequences = draw()
            symbols += more
            totals = [totals[0] + more, totals[1] + sequences]
        rates.append(symbols / spent)
    return statistics.median(rates), totals[0] / totals[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", nargs="+", choices=CELLS, default=list(CELLS))
    parser.add_argument("--units", nargs="+", type=int, default=[128])
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement, after a warm-up")
    parser.add_argument("--threads", type=int, default=2, help="of the batches, at most")
    options = parser.parse_args()

    for cell in options.cells:
        for units in options.units:
            parts = network(cell, units)

            def one():
                return len(draw_one(*parts)), 1

            def batch():
                return int(draw_batch(*parts, 256).sum()), 256

            def trial(threads):
                torch.set_num_threads(threads)
                return rate(batch, options.seconds / 5)[0]

            threads = max({1, options.threads}, key=trial)
            for name, draw, threads in (("sample-one", one, 1), ("sample-256", batch, threads)):
                torch.set_num_threads(threads)
                value, length = rate(draw, options.seconds)
                print("torch", name, cell, units, round(value), sep="\t", flush=True)
                print(f"{name} {cell}: {length:.1f} symbols a sequence, {threads} thread(s)", file=sys.stderr)


if __name__ == "__main__":
    main()
