"""Models as directed graphs."""

from __future__ import annotations

import os
import shutil
from functools import cached_property
from typing import Any

import pandas as pd

from . import _program
from ._data import Files
from .errors import ChainruleError
from .report import Report


class Graph(Report):
    """A model as a directed graph, and the answer to a question about it, if one was asked.

    In a notebook it is a picture, where Graphviz is installed.
    """

    def __init__(self, json: dict[str, Any], remarks: list[str], drawing: list[str], model: Any) -> None:
        """Keeps the answer, the arguments that draw the graph, and the model, whose file they may name."""
        super().__init__(json, remarks)
        self._drawing = drawing
        self._model = model

    @property
    def table(self) -> pd.DataFrame:
        """The variables with their parents; with `strength=` the strengths, one row a lag."""
        if "strengths" in self.json:
            return pd.DataFrame(
                [{"of": one.get("of"), **lag} for one in self.json["strengths"] for lag in one["lags"]]
            ).dropna(axis="columns", how="all")
        return pd.DataFrame(self.json.get("variables", []), columns=["name", "kind", "parents"])

    @property
    def separated(self) -> bool | None:
        """Whether the variables of `separated=` are, if that was asked."""
        return self.json.get("separated")

    @property
    def edges(self) -> list[tuple[str, str]]:
        """The edges, each from a parent to its child; empty where a question was asked instead."""
        return [(parent, child["name"]) for child in self.json.get("variables", []) for parent in child["parents"]]

    @cached_property
    def svg(self) -> str:
        """The picture as SVG. Raises `ChainruleError`, where Graphviz is missing."""
        return _program.run([*self._drawing, "--format=svg"], progress=False).output.decode()

    def _summary(self) -> str:
        counts = f"{self.json.get('variableCount')} variables, {self.json.get('edgeCount')} edges"
        answers = {
            key: value
            for key, value in self.json.items()
            if key not in ("command", "files", "model", "schema", "seed", "version", "variables", "strengths")
            and not key.endswith("Count")
        }
        answer = "; ".join(f"{key}: {value}" for key, value in answers.items())
        return f"{self.json.get('model')}: {counts}" + (f"; {answer}" if answer else "")

    def _repr_svg_(self) -> str | None:
        if "variables" not in self.json or shutil.which("dot") is None:
            return None
        try:
            svg = self.svg
        except ChainruleError:
            return None
        return svg[svg.index("<svg") :]

    def _repr_html_(self) -> str:
        # A notebook shows HTML before SVG.
        return self._repr_svg_() or super()._repr_html_()


def graph(model: str | os.PathLike[str] | Any, **options: Any) -> Graph:
    """Shows a model, a word or a fitted one, as a directed graph, or answers a question about it.

        graph("markov:2", steps=6)
        graph("markov:2", separated="y1 ; y4 | y2, y3").separated
        graph("markov:3", strength="names.txt").table

    With `strength=` data it says how much elements tell of later ones in them: a table, no picture. It is what
    `chainrule graph` does. Raises `ChainruleError`.
    """
    path = getattr(model, "path", model)
    arguments = ["graph", os.fsdecode(path)]
    kept = {name: value for name, value in options.items() if name in ("steps", "inputs", "plate", "marginalise")}
    with Files({"strength": options.pop("strength", None)}, options) as files:
        given = {**files.arguments, **options}
        answer = _program.run(
            [*arguments, "--json", *files.options, *_program.options(given)], files.standard_input, progress=False
        )
    return Graph(answer.json(), answer.remarks, [*arguments, *_program.options(kept)], model)
