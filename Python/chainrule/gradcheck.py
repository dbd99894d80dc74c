"""The gradients of recurrent models held against central differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from . import _program
from .report import Report, flat


class GradientCheck(Report):
    """How far gradients by back-propagation through time are from central differences."""

    @property
    def table(self) -> pd.DataFrame:
        """One row a matrix of each model: `model`, `name`, `checked` parameters, `largest_relative_difference`, …."""
        return pd.DataFrame(
            [{"model": model["typed"], **flat(part)} for model in self.json["models"] for part in model["parts"]]
        )

    def _summary(self) -> str:
        largest = max(model["largestRelativeDifference"] for model in self.json["models"])
        return f"largest relative difference: {largest:.2g}"


def gradcheck(models: Sequence[str] | str, *, progress: bool = True, **options: Any) -> GradientCheck:
    """Holds the gradients of recurrent models against central differences, as `chainrule gradcheck` does.

    The networks have random parameters, and no data are needed. Raises `ChainruleError`.
    """
    words = [models] if isinstance(models, str) else list(models)
    answer = _program.run(["gradcheck", "--json", *_program.options(options), "--", *words], progress=progress)
    return GradientCheck(answer.json(), answer.remarks)
