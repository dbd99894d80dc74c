"""Comparisons of models on held-out data."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from . import _program
from ._data import Data, Files, Path_
from .errors import DataError, MissingInput, UsageError
from .report import Report, counted, flat, number, short


class Comparison(Report):
    """Models compared on the same held-out data.

    The tables that say where the nats go have one row a figure, with the model in a column; each has to be asked for
    when the models are compared.
    """

    @classmethod
    def load(cls, path: Path_) -> Comparison:
        """Reads a comparison from a file with the JSON of `chainrule compare --json`, or of an experiment's `outputs`.

        Raises `MissingInput` and `DataError`.
        """
        try:
            answer = json.loads(Path(path).read_bytes())
        except OSError as reason:
            raise MissingInput(f"{os.fsdecode(path)}: {reason.strerror}.", 66) from None
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or answer.get("schema") != "chainrule.compare/1":
            raise DataError(
                f"{os.fsdecode(path)} is no comparison: `chainrule compare --json`, or `outputs: {{json: …}}` of an "
                "experiment, writes one.",
                65,
            )
        return cls(answer, [])

    @property
    def table(self) -> pd.DataFrame:
        """One row a model, with all figures that are single numbers.

        Columns are named after the fields of the program's JSON: `test_nats_per_event`; `difference_low` and
        `difference_high`, the 95 % interval of the difference to the chosen model; `difference_p` of the permutation
        test, and `difference_adjusted_p` after Holm; with `repeats=` the `spread`, the standard deviation over seeds.
        """
        rows = [flat(_without_lists(model)) | {"notes": model.get("notes", [])} for model in self.json["models"]]
        table = pd.DataFrame(rows)
        # The model as it was asked for, and its whole word.
        if "typed" in table:
            table = table.rename(columns={"model": "word", "typed": "model"})
            table = table[["model", *table.columns.drop("model")]]
        return table

    def per_sequence(self) -> pd.DataFrame:
        """The nats of each test sequence by each model: `sequence`, `model`, `nats`; of several seeds their mean.

        A sequence is its index, from 0, in the data that were split, or in the test data; with `weights=True` each
        copy has a row. Needs `per_sequence=True`; raises `UsageError` without it.
        """
        numbers = self._asked(self.json.get("testSequences"), "per_sequence=True")
        return pd.DataFrame(
            [
                (sequence, model["typed"], number(nats))
                for model in self.json["models"]
                for sequence, nats in zip(numbers, model["testNats"], strict=True)
            ],
            columns=["sequence", "model", "nats"],
        )

    def breakdown(self, by: str) -> pd.DataFrame:
        """The test data's nats in groups: `model`, `group`, `events`, `nats`, `nats_per_event`.

        Groups are by "position", "length", "symbol" or "seen". Needs `by=["position", …]`; raises `UsageError` without
        it.
        """
        rows = [
            {"model": model["typed"], "group": group["name"], **flat(group)}
            for model in self.json["models"]
            for part in model.get("breakdowns", [])
            if part["by"] == by
            for group in part["groups"]
        ]
        self._asked(rows, f'by="{by}"')
        return pd.DataFrame(rows, columns=["model", "group", "events", "nats", "nats_per_event"])

    def learning_curve(self) -> pd.DataFrame:
        """Models fitted to parts of the training data: `model`, `fraction`, `sequences`, `nats_per_event`, `spread`.

        The nats are those of the test data; the spread is that over seeds, NaN for one seed. Needs
        `learning_curve=True`; raises `UsageError` without it.
        """
        rows = [
            {"model": model["typed"], **flat(point)}
            for model in self.json["models"]
            for point in model.get("learningCurve", [])
        ]
        self._asked(rows, "learning_curve=True")
        return pd.DataFrame(rows, columns=["model", "fraction", "sequences", "nats_per_event", "spread"])

    def calibration(self) -> pd.DataFrame:
        """Predicted probabilities beside frequencies: `model`, `low`, `high`, `outcomes`, `predicted`, `frequency`.

        A row holds all outcomes of test decisions whose predicted probability is from `low` to `high`: their number,
        the mean of it, and the share that came; of several seeds those of all. Ranges without outcomes are left out.
        Needs `calibration=True`; raises `UsageError` without it.
        """
        rows = [
            {"model": model["typed"], **flat(group)}
            for model in self.json["models"]
            for group in model.get("calibration", {}).get("groups", [])
            if group["outcomes"] > 0
        ]
        self._asked(rows, "calibration=True")
        return pd.DataFrame(rows, columns=["model", "low", "high", "outcomes", "predicted", "frequency"])

    @property
    def best(self) -> str | None:
        """The whole word of the chosen model: by the validation data, or the test data where there are no others."""
        chosen = self.json.get("chosen")
        return None if chosen is None else str(chosen["model"])

    def _asked(self, found: Any, option: str) -> Any:
        if not found:
            raise UsageError(f"This comparison does not hold it: compare with {option}.", 64)
        return found

    def _summary(self) -> str:
        data = self.json.get("data", {})
        parts = [f"{name} {part['sequences']:,}" for name, part in data.items() if "sequences" in part]
        chosen = ""
        if self.best is not None:
            judge = "test" if self.json["chosen"].get("by") == "test" else "validation"
            chosen = f"; * chosen by the {judge} data: {self.best}"
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
            ends = table.reindex(columns=["difference_nats_per_sequence", "difference_low", "difference_high"])
            title = "Δ nats/sequence" + ("" if ends["difference_low"].isna().all() else " [95 % CI]")
            shown[title] = [_interval(*row) for row in ends.itertuples(index=False)]
        if "difference_adjusted_p" in table:
            shown["p"] = [_p_value(p) for p in table["difference_adjusted_p"]]
        return shown

    def _html_table(self) -> str:
        """Shows the row of the chosen model in bold."""
        shown = self._shown()
        chosen = [word == self.best for word in self.table.get("word", [None] * len(shown))]
        for column in shown:
            cells = [html.escape(short(value) if isinstance(value, float) else str(value)) for value in shown[column]]
            shown[column] = [f"<b>{cell}</b>" if best else cell for cell, best in zip(cells, chosen, strict=True)]
        return shown.to_html(max_rows=20, border=0, escape=False)


def _without_lists(value: Mapping[str, Any]) -> dict[str, Any]:
    """Takes out what has a table of its own, at any depth."""
    return {
        key: _without_lists(entry) if isinstance(entry, Mapping) else entry
        for key, entry in value.items()
        if not isinstance(entry, list)
    }


_COLUMNS = {
    "train_nats_per_event": "train nats/event",
    "valid_nats_per_event": "valid nats/event",
    "test_nats_per_event": "test nats/event",
    "spread": "± s.d.",
    "test_perplexity": "test perplexity",
    "fit_seconds": "fit s",
}


def _interval(middle: float, low: float, high: float) -> str:
    if pd.isna(middle):
        return ""
    return f"{middle:.2f}" if pd.isna(low) else f"{middle:.2f} [{low:.2f}, {high:.2f}]"


def _p_value(p: float) -> str:
    if pd.isna(p):
        return ""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


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
