"""Fitted models."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import _program
from ._data import Data, Files, Path_, path_argument
from ._library import LoadedModel
from .answers import Lengths, Samples, Score
from .errors import Interrupted, MissingInput
from .graph import Graph, graph
from .report import counted, flat, whole
from .walk import Walk, indices


class Model:
    """A fitted model, which is a file.

    Whole questions (`score`, `sample`, `lengths`, `graph`) go to the program. Small ones (`next_log_probs`, `walk`,
    `nats`) are answered in this process, which reads the file once.
    """

    def __init__(self, path: Path_, *, training: dict[str, Any] | None = None) -> None:
        """Opens a model file, as `fit` or `chainrule train` writes it, or an ARPA file. Raises `MissingInput`."""
        self.path = path_argument(path)
        if not Path(self.path).is_file():
            raise MissingInput(f"{self.path}: there is no such file.", 66)
        self.training = training
        """What `fit` reported: sizes, figures on the training data, epochs; `None` for a model that was loaded."""

    @classmethod
    def load(cls, path: Path_) -> Model:
        """Opens a model file. Raises `MissingInput`."""
        return cls(path)

    def save(self, path: Path_) -> Model:
        """Copies the file, and gives the model in its new place."""
        shutil.copyfile(self.path, path)
        return Model(path, training=self.training)

    @cached_property
    def info(self) -> dict[str, Any]:
        """What the file says of the model, as `chainrule info --json` prints it."""
        return _program.run(["info", self.path, "--json"], progress=False).json()

    @property
    def word(self) -> str:
        """The model in one word, with all its options."""
        return str(self.info["model"])

    @property
    def parameters(self) -> int | str:
        """The number of free parameters; text where it has more digits than Python reads."""
        return whole(self.info["parameters"]["free"])

    @property
    def symbols(self) -> list[str]:
        """The symbols, in the order of their indices."""
        return self._loaded.symbols

    @cached_property
    def _loaded(self) -> LoadedModel:
        return LoadedModel(self.path)

    def score(self, data: Data, *, progress: bool = True, **options: Any) -> Score:
        """Gives −log P of each sequence in nats, as `chainrule score` does; with per="symbol" of each decision.

        Raises `ChainruleError`.
        """
        options = {"per": "sequence", **options}
        with Files({"data": data}, options) as files:
            arguments = ["score", self.path, files.arguments["data"], "--json", *files.options]
            answer = _program.run([*arguments, *_program.options(options)], files.standard_input, progress)
        return Score(answer.json(), answer.remarks)

    def sample(self, n: int = 1, *, progress: bool = True, **options: Any) -> Samples:
        """Draws sequences, as `chainrule sample` does: `seed=2`, `prefix="ma"`, `length=8`, `temperature=0.5`, ….

        The first n samples of a seed do not depend on n. Raises `ChainruleError`.
        """
        arguments = ["sample", self.path, "--json", *_program.options({"n": n, **options})]
        if "most_probable" in options:
            arguments = ["sample", self.path, "--json", *_program.options(options)]
        answer = _program.run(arguments, progress=progress)
        return Samples(answer.json(), answer.remarks)

    def lengths(self, data: Data | None = None, *, progress: bool = True, **options: Any) -> Lengths:
        """Gives the distribution of the length that the model implies, beside that of data if given.

        It is what `chainrule lengths` does. Raises `ChainruleError`.
        """
        with Files({"data": data}, options) as files:
            arguments = ["lengths", self.path, *files.arguments.values(), "--json", *files.options]
            answer = _program.run([*arguments, *_program.options(options)], files.standard_input, progress)
        return Lengths(answer.json(), answer.remarks)

    def graph(self, **options: Any) -> Graph:
        """Shows the model as a directed graph, or answers a question about it, as `chainrule graph` does."""
        return graph(self, **options)

    def walk(self, length: int | None = None) -> Walk:
        """Begins a walk before the first symbol.

        Models that draw their length first (/tau) are given it, and the probabilities then are those of a sequence of
        that length; only where the symbols do not depend on it (input=none) it may be left out. Others have no given
        length. Raises `ChainruleError`.
        """
        return Walk(self._loaded, self._loaded.walk(length))

    def next_log_probs(self, prefix: Iterable[str | int] = "", length: int | None = None) -> pd.Series[float]:
        """Gives log P(next outcome | prefix) in nats, indexed by the symbols and, last, END.

        The prefix is symbols: the characters of a string, or a list. Raises `ChainruleError`.
        """
        walk = self.walk(length)
        walk.advance(*prefix)
        return walk.series()

    def nats(self, sequences: Iterable[Iterable[str | int]]) -> npt.NDArray[np.float64]:
        """Gives −log P of each sequence in nats, in this process: for many small questions.

        A sequence is symbols: the characters of a string, or a list. Raises `ChainruleError`.
        """
        return self._loaded.score(indices(self._loaded, sequences))

    def _facts(self) -> dict[str, Any]:
        info = self.info
        facts = {"model": info["model"], "free parameters": counted(self.parameters), "symbols": len(info["alphabet"])}
        facts["training sequences"] = f"{info['train']['sequences']:,}"
        if self.training is not None:
            facts["training nats/event"] = f"{flat(self.training)['train_nats_per_event']:.4f}"
        return facts

    def __repr__(self) -> str:
        """Names the model and its file."""
        return f"<Model {self.word} in {self.path}>"

    def _repr_html_(self) -> str:
        table = pd.DataFrame([{key: str(value) for key, value in self._facts().items()}]).T
        return table.to_html(header=False, border=0)


def fit(
    data: Data,
    model: str,
    *,
    output: Path_ | None = None,
    valid: Data | None = None,
    progress: bool = True,
    **options: Any,
) -> Model:
    """Fits one model, as `chainrule train` does, and writes it to `output`, or to a file that goes with the object.

    An interrupted training keeps its checkpoint beside the file; `resume=True` continues it. Raises `ChainruleError`.
    """
    with contextlib.ExitStack() as stack:
        folder = None if output is not None else stack.enter_context(_temporary_folder())
        path = path_argument(output) if output is not None else f"{folder}/model.safetensors"
        files = stack.enter_context(Files({"train": data, "valid": valid}, options))
        arguments = [
            "train",
            files.arguments["train"],
            f"--model={model}",
            f"--output={path}",
            "--json",
            *files.options,
        ]
        if "valid" in files.arguments:
            arguments.append(f"--valid={files.arguments['valid']}")
        answer = _program.run([*arguments, *_program.options(options)], files.standard_input, progress)
    fitted = Model(path, training=answer.json())
    if folder is not None:
        weakref.finalize(fitted, shutil.rmtree, folder, ignore_errors=True)
    return fitted


@contextlib.contextmanager
def _temporary_folder() -> Iterator[str]:
    """Makes a folder, and removes it where the work fails; after an interruption only if nothing was kept in it."""
    folder = tempfile.mkdtemp(prefix="chainrule-")
    try:
        yield folder
    except Interrupted:
        with contextlib.suppress(OSError):
            Path(folder).rmdir()
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _opened(model: Model | Path_) -> Model:
    return model if isinstance(model, Model) else Model(os.fspath(model))


def score(model: Model | Path_, data: Data, **options: Any) -> Score:
    """Calls `Model.score` on a model or model file."""
    return _opened(model).score(data, **options)


def sample(model: Model | Path_, n: int = 1, **options: Any) -> Samples:
    """Calls `Model.sample` on a model or model file."""
    return _opened(model).sample(n, **options)


def lengths(model: Model | Path_, data: Data | None = None, **options: Any) -> Lengths:
    """Calls `Model.lengths` on a model or model file."""
    return _opened(model).lengths(data, **options)
