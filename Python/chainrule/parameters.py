"""Numbers of free parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from . import _program
from .report import Report, counted, whole


class Parameters(Report):
    """Numbers of free parameters, exact; text where Python reads no number of so many digits, and of formulas."""

    @property
    def table(self) -> pd.DataFrame:
        """One row a model: `model`, `free`, and `growth`, the formula."""
        rows = [(model["typed"], whole(model["free"]), model["growth"]) for model in self.json["models"]]
        # Python's integers, since they may be beyond any machine's.
        return pd.DataFrame(rows, columns=["model", "free", "growth"], dtype=object)

    def _shown(self) -> pd.DataFrame:
        return self.table.assign(free=[counted(free) for free in self.table["free"]])


def parameters(
    models: Sequence[str] | str, alphabet_size: int, length: int | None = None, **options: Any
) -> Parameters:
    """Counts the free parameters of models without any data, as `chainrule parameters` does.

    `length` is the longest length, for models whose number of parameters depends on it. Raises `ChainruleError`.
    """
    words = [models] if isinstance(models, str) else list(models)
    given = {"alphabet_size": alphabet_size, "length": length, **options}
    answer = _program.run(["parameters", "--json", *_program.options(given), "--", *words], progress=False)
    return Parameters(answer.json(), answer.remarks)
