"""Comparisons of models on held-out data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from . import _program
from ._data import Data, Files, Path_, path_argument
from .report import Report, counted, flat, whole


class Comparison(Report):
    """Models compared on the same held-out data: one row of the table for each.

    The columns are the numbers of the program's JSON, such as `test_nats_per_event` and `difference_low`.
    """

    @property
    def table(self) -> pd.DataFrame:
        """One row a model, with everything that was measured."""
        rows = [flat(model) for model in self.json["models"]]
        table = pd.DataFrame(rows)
        # The model as it was asked for, and its whole word.
        if "typed" in table:
            table = table.rename(columns={"model": "word", "typed": "model"})
            table = table[["model", *table.columns.drop("model")]]
        return table

    @property
    def best(self) -> str | None:
        """The whole word of the chosen model: by the validation data, or the test data where there are no others."""
        chosen = self.json.get("chosen")
        return None if chosen is None else str(chosen["model"])

    def _summary(self) -> str:
        data = self.json.get("data", {})
        parts = [f"{name} {part['sequences']:,}" for name, part in data.items() if "sequences" in part]
        part = "test" if self.json.get("chosen", {}).get("by") == "test" else "validation"
        chosen = "" if self.best is None else f"; * chosen by the {part} data: {self.best}"
        return f"Sequences: {', '.join(parts)}{chosen}"

    def _shown(self) -> pd.DataFrame:
        table = self.table
        shown = pd.DataFrame({"model": table["model"]})
        if "word" in table:
            shown["model"] = [f"{'* ' if row.word == self.best else ''}{row.model}" for row in table.itertuples()]
        if "parameters_free" in table:
            shown["parameters"] = [counted(count) for count in table["parameters_free"]]
        for column, title in _COLUMNS.items():
            if column in table:
                shown[title] = table[column]
        if "difference_nats_per_sequence" in table:
            # Of one test sequence there is no interval.
            columns = [f"difference_{column}" for column in ("nats_per_sequence", "low", "high")]
            intervals = table.reindex(columns=columns).astype(float)
            title = "Δ nats/sequence" + ("" if intervals["difference_low"].isna().all() else " [95 % CI]")
            shown[title] = [_interval(*row) for row in intervals.itertuples(index=False)]
        return shown


_COLUMNS = {
    "train_nats_per_event": "train nats/event",
    "valid_nats_per_event": "valid nats/event",
    "test_nats_per_event": "test nats/event",
    "test_perplexity": "test perplexity",
    "fit_seconds": "fit s",
}


def _interval(middle: float, low: float, high: float) -> str:
    if pd.isna(middle):
        return ""
    return f"{middle:.2f}" if pd.isna(low) or pd.isna(high) else f"{middle:.2f} [{low:.2f}, {high:.2f}]"


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


def compare(
    train: Data,
    models: Sequence[str] | str | None = None,
    *,
    test: Data | None = None,
    valid: Data | None = None,
    progress: bool = True,
    **options: Any,
) -> Comparison:
    """Fits models and compares their likelihoods on the same held-out sequences, as `chainrule compare` does.

    Without `test` the data are split; without `models` the program's default models are run. Other keyword arguments
    are the program's options: `seed=2`, `lengths=True`. Raises `ChainruleError`.
    """
    words = [models] if isinstance(models, str) else list(models or [])
    with Files({"train": train, "test": test, "valid": valid}, options) as files:
        arguments = ["compare", files.arguments["train"], "--json", *files.options]
        arguments += [f"--{name}={files.arguments[name]}" for name in ("test", "valid") if name in files.arguments]
        arguments += _program.options({"model": words, **options})
        answer = _program.run(arguments, files.standard_input, progress)
    return Comparison(answer.json(), answer.remarks)


def run(experiment: Path_, *, progress: bool = True, **options: Any) -> Comparison:
    """Runs an experiment that a file describes, as `chainrule run` does. Raises `ChainruleError`."""
    arguments = ["run", path_argument(experiment), "--json", *_program.options(options)]
    answer = _program.run(arguments, progress=progress)
    return Comparison(answer.json(), answer.remarks)
