"""A model step by step."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ._library import LoadedModel, LoadedWalk
from .errors import UsageError


class End(enum.Enum):
    """The end of a sequence, as an outcome beside the symbols."""

    END = "end"

    def __repr__(self) -> str:
        """Says END."""
        return "END"

    __str__ = __repr__


END: Final = End.END


class Walk:
    """A walk along one sequence: what comes next, given the symbols so far.

    `model.walk()` makes it. A walk is one thread's at a time.
    """

    def __init__(self, model: LoadedModel, walk: LoadedWalk) -> None:
        """Takes a walk of the C library."""
        self._model = model
        self._walk = walk

    def next_log_probs(self) -> npt.NDArray[np.float64]:
        """Gives log P(next outcome | symbols so far) in nats: of each of `model.symbols` in its order, and of the end.

        The exponentials of these k + 1 numbers add up to 1; −inf is impossible.
        """
        return self._walk.next()

    def advance(self, *symbols: str | int) -> None:
        """Continues with symbols, named as in the data (an integer is the symbol that its digits name).

        Raises `UsageError` for what is no symbol of the model, and past a given length; the walk then stands where it
        stood.
        """
        (path,) = indices(self._model, [symbols])
        # What fails at a later symbol must not have moved the walk.
        walk = self._walk if len(path) == 1 else self._walk.copy()
        for index in path:
            walk.advance(index)
        self._walk = walk

    def copy(self) -> Walk:
        """Begins another walk where this one stands."""
        return Walk(self._model, self._walk.copy())

    def series(self) -> pd.Series[float]:
        """Gives `next_log_probs` with the symbols, and END, as index."""
        return pd.Series(self.next_log_probs(), index=pd.Index([*self._model.symbols, END], dtype=object))


def indices(model: LoadedModel, sequences: Iterable[Iterable[str | int]]) -> list[list[int]]:
    """Gives the index of each symbol. Raises `UsageError` for what is none."""
    known = model.indices
    try:
        return [[known[str(symbol)] for symbol in sequence] for sequence in sequences]
    except KeyError as missing:
        raise UsageError(f"{missing} is no symbol of the model: `model.symbols` lists them.", 64) from None
