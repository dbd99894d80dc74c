"""Recurrent networks in PyTorch's equations, with NumPy in double precision: the independent reference for
ReferenceTests. usage: recurrent.py   (writes recurrent/*.safetensors and recurrent/expected.tsv beside itself)

Weights come from an integer formula. Where PyTorch can be imported, torch.nn.RNN, GRU and LSTM with the same weights
must give the same figures, or nothing is written. Figures are negative log-likelihoods in nats: the whole, and the
share of the stop decisions."""

import json
import math
import struct
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent / "recurrent"
ALPHABET, HIDDEN = "abc", 5
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
STRINGS = ["", "a", "b", "c", "ab", "ba", "cc", "abc", "cab", "bbbb", "acbacb", "aaaaaaaaaaaa", "abcabcabcabcbacbcaab"]


def weights(cell, layers, stop):
    """All tensors by name, in single precision; each element from its number in the whole file."""
    k, h, g = len(ALPHABET), HIDDEN, GATES[cell] * HIDDEN
    shapes = {}
    for layer in range(layers):
        shapes[f"rnn.weight_ih_l{layer}"] = (g, h if layer else k)
        shapes[f"rnn.weight_hh_l{layer}"] = (g, h)
        shapes[f"rnn.bias_ih_l{layer}"] = (g,)
        shapes[f"rnn.bias_hh_l{layer}"] = (g,)
    shapes["output.weight"] = (k + (stop == "eos"), h)
    shapes["output.bias"] = (k + (stop == "eos"),)
    if stop == "halt":
        shapes["halting.weight"], shapes["halting.bias"] = (1, h), (1,)
    tensors, number = {}, 0
    for name, shape in shapes.items():
        i = np.arange(number, number + math.prod(shape), dtype=np.uint64)
        number += math.prod(shape)
        unit = ((i * np.uint64(2654435761) + np.uint64(12345)) % np.uint64(2**32)).astype(np.float64) / 2**32 - 0.5
        # Large enough that the gates leave their linear part.
        scale = 0 if ".bias_hh" in name else 3
        tensors[name] = (scale * unit).astype("<f4").reshape(shape) + np.float32(0)
    return tensors


def write(path, word, tensors):
    """A safetensors file: the header's length, the header, the tensors."""
    header, offset = {}, 0
    header["__metadata__"] = {
        "chainrule.format": "1",
        "chainrule.model": word,
        "chainrule.alphabet": json.dumps(list(ALPHABET)),
        "chainrule.symbols": "characters",
        "chainrule.train.sequences": "1",
        "chainrule.train.symbols": "3",
        "chainrule.train.longest": "3",
        "chainrule.train.hash": "0",
        "chainrule.train.seed": "1",
        "chainrule.versions": "Tests/Reference/recurrent.py",
    }
    for name in sorted(tensors):
        size = tensors[name].nbytes
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(tensors[n].tobytes() for n in sorted(tensors)))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(cell, x, h, c, w_ih, w_hh, b_ih, b_hh):
    """h(t) and c(t), as the documentation of torch.nn.RNN, GRU and LSTM writes them; c is the LSTM's alone."""
    inputs, recurrent = w_ih @ x + b_ih, w_hh @ h + b_hh
    if cell == "rnn":
        return np.tanh(inputs + recurrent), c
    if cell == "gru":
        (ir, iz, in_), (hr, hz, hn) = np.split(inputs, 3), np.split(recurrent, 3)
        r, z = sigmoid(ir + hr), sigmoid(iz + hz)
        n = np.tanh(in_ + r * hn)
        return (1 - z) * n + z * h, c
    i, f, g, o = np.split(inputs + recurrent, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def states(cell, layers, tensors, symbols):
    """The last layer's h(1), …, h(τ + 1): h(t) has seen the first t − 1 symbols; the first input is all zeros."""
    t = {name: tensor.astype(np.float64) for name, tensor in tensors.items()}
    xs = [np.zeros(len(ALPHABET))] + [np.eye(len(ALPHABET))[symbol] for symbol in symbols]
    for layer in range(layers):
        names = [f"rnn.{kind}_l{layer}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        h, c, hs = np.zeros(HIDDEN), np.zeros(HIDDEN), []
        for x in xs:
            h, c = step(cell, x, h, c, *(t[name] for name in names))
            hs.append(h)
        xs = hs
    return xs


def torch_states(cell, layers, tensors, symbols):
    """The same by PyTorch."""
    network = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell](len(ALPHABET), HIDDEN, layers)
    network.load_state_dict({n[4:]: torch.tensor(v) for n, v in tensors.items() if n.startswith("rnn.")})
    inputs = torch.zeros(len(symbols) + 1, len(ALPHABET), dtype=torch.float64)
    for t, symbol in enumerate(symbols):
        inputs[t + 1, symbol] = 1
    with torch.no_grad():
        return list(network.double()(inputs)[0].numpy())


def score(hs, tensors, symbols):
    """Nats of the sequence, and the share of its stop decisions."""
    t = {name: tensor.astype(np.float64) for name, tensor in tensors.items()}
    nats = length = 0.0
    for h, symbol in zip(hs, [*symbols, None]):
        logits = t["output.weight"] @ h + t["output.bias"]
        p = np.exp(logits - logits.max())
        p /= p.sum()
        if "halting.weight" in t:
            stop = sigmoid(t["halting.weight"] @ h + t["halting.bias"])[0]
            step_nats = -math.log(stop) if symbol is None else -math.log1p(-stop) - math.log(p[symbol])
        else:
            stop = p[-1]
            step_nats = -math.log(stop) if symbol is None else -math.log(p[symbol])
        nats += step_nats
        length += -math.log(stop) if symbol is None else -math.log1p(-stop)
    return nats, length


try:
    import torch
except ImportError:
    torch = None

files, lines = [], ["file\tstring\tnats\tnatsLength"]
for cell in GATES:
    for layers in (1, 2):
        for stop in ("eos", "halt"):
            tensors = weights(cell, layers, stop)
            word = f"{cell}:hidden={HIDDEN}{',layers=2' if layers == 2 else ''}/{stop}"
            name = f"{cell}-{layers}-{stop}.safetensors"
            files.append((name, word, tensors))
            for string in STRINGS:
                symbols = [ALPHABET.index(symbol) for symbol in string]
                nats, length = score(states(cell, layers, tensors, symbols), tensors, symbols)
                if torch:
                    other = score(torch_states(cell, layers, tensors, symbols), tensors, symbols)
                    assert abs(other[0] - nats) < 1e-11 * nats and abs(other[1] - length) < 1e-11 * nats, (name, string)
                lines.append(f"{name}\t{string}\t{nats:.12g}\t{length:.12g}")
FOLDER.mkdir(exist_ok=True)
for name, word, tensors in files:
    write(FOLDER / name, word, tensors)
(FOLDER / "expected.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
print(f"{len(files)} models, {len(lines) - 1} figures, {'checked against' if torch else 'not checked against'} PyTorch")
