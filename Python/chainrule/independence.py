"""Tests of independence: which order of Markov models data support."""

from __future__ import annotations

from typing import Any

import pandas as pd

from . import _program
from ._data import Data, Files
from .report import Report, flat


class Independence(Report):
    """Tests of each order of a Markov chain against the next."""

    @property
    def table(self) -> pd.DataFrame:
        """One row a test: `order`, `g`, `degrees_of_freedom`, `p`, `adjusted` (after Holm), `verdict`, …."""
        return pd.DataFrame([flat(test) for test in self.json["tests"]])

    @property
    def order(self) -> int:
        """The order that the tests support: the least that is not rejected."""
        return int(self.json["order"])

    @property
    def is_bound(self) -> bool:
        """Whether `order` is a lower bound only: no test that could tell has accepted it."""
        return bool(self.json["isBound"])

    def _summary(self) -> str:
        return (
            f"{self.json['data']}: order {self.order}{' or more' if self.is_bound else ''} (α = {self.json['alpha']})"
        )


def independence(data: Data, *, progress: bool = True, **options: Any) -> Independence:
    """Tests whether the last m elements are enough to predict the next, as `chainrule independence` does.

    Orders m = 0, 1, … are tested by G-tests, each against the next; p is corrected for their number (Holm). Raises
    `ChainruleError`.
    """
    with Files({"data": data}, options) as files:
        arguments = ["independence", files.arguments["data"], "--json", *files.options, *_program.options(options)]
        answer = _program.run(arguments, files.standard_input, progress)
    return Independence(answer.json(), answer.remarks)
