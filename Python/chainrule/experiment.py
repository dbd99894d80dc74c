"""Experiments that a YAML file describes, and the runs that are kept of them."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from . import _program
from ._data import Path_, path_argument
from .comparison import Comparison
from .errors import UsageError


def run(experiment: Path_, *, progress: bool = True, **options: Any) -> Comparison:
    """Runs an experiment that a YAML file describes, as `chainrule run` does, and compares its models.

    Runs that are in its file of runs already are not done again. After an interruption the same call continues. The
    nats of each test sequence are in the file that the experiment names under `outputs: json`: `Comparison.load`.
    Raises `ChainruleError`.
    """
    if options.get("dry_run"):
        raise UsageError("A dry run gives no comparison: ask `chainrule run --dry-run` for what is missing.", 64)
    arguments = ["run", path_argument(experiment), "--json", *_program.options(options)]
    answer = _program.run(arguments, progress=progress)
    return Comparison(answer.json(), answer.remarks)


def runs(
    file: Path_, *, experiment: str | None = None, model: str | None = None, tag: str | None = None
) -> pd.DataFrame:
    """Gives the runs in a file of runs, one row each, indexed by their numbers, as `chainrule runs export` prints them.

    A run is one model fitted once: on one `fold`, with one `seed`, on a `fraction` of the training data. They may be
    those of an `experiment` (its name, or the beginning of its file's SHA-256), those whose model's word holds `model`,
    or those with a `tag`. Raises `ChainruleError`.
    """
    given = {"format": "csv", "experiment": experiment, "model": model, "tag": tag}
    answer = _program.run(["runs", "export", path_argument(file), *_program.options(given)], progress=False)
    table = pd.read_csv(
        io.BytesIO(answer.output),
        index_col="run",
        dtype=dict.fromkeys(["model", "data", "data_hash", "version", "machine", "tags"], str),
        # Python's integers, since they may be beyond any machine's.
        converters={"parameters": int},
        parse_dates=["created"],
        keep_default_na=False,
        na_values=[""],
    )
    return table.fillna({"tags": ""})
