"""What the program answers: its JSON, and a table of it."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd


class Report:
    """An answer of the program.

    `json` is the whole answer as it was printed, `table` its main part as a data frame, `remarks` what was said beside
    it on standard error.
    """

    title = ""

    def __init__(self, json: dict[str, Any], remarks: list[str]) -> None:
        """Keeps the answer."""
        self.json = json
        self.remarks = [remark.removeprefix("chainrule: ") for remark in remarks]

    @property
    def table(self) -> pd.DataFrame:
        """The main part as a data frame."""
        raise NotImplementedError

    def _summary(self) -> str:
        """Says the main figures in a line."""
        return self.title

    def _shown(self) -> pd.DataFrame:
        """Gives the part of the table that is shown."""
        return self.table

    def __repr__(self) -> str:
        """Shows the main figures and the table."""
        return f"{self._summary()}\n{self._shown().to_string(max_rows=20)}"

    def _repr_html_(self) -> str:
        remarks = "".join(f"<br><small>{html.escape(remark)}</small>" for remark in self.remarks)
        return f"<p>{html.escape(self._summary())}{remarks}</p>\n{self._html_table()}"

    def _html_table(self) -> str:
        return self._shown().to_html(max_rows=20, border=0, float_format=short)


def number(value: Any) -> float:
    """Reads a number of the program's JSON, where infinity is a string."""
    return float(value)


def whole(value: Any) -> int | str:
    """Reads a whole number of the program's JSON.

    One of more digits than Python reads (4,300, unless `sys.set_int_max_str_digits` says otherwise) stays text, and so
    does a formula.
    """
    try:
        return int(value)
    except ValueError:
        return str(value)


def counted(value: Any) -> str:
    """Writes what `whole` reads, for a person."""
    return value if isinstance(value, str) else f"{value:,}"


def flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Puts the fields of nested objects side by side: {"test": {"natsPerEvent": 1}} is test_nats_per_event."""
    columns: dict[str, Any] = {}
    for key, entry in value.items():
        name = prefix + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()
        if isinstance(entry, Mapping):
            columns |= flat(entry, name + "_")
        elif entry in ("inf", "-inf"):
            columns[name] = math.inf if entry == "inf" else -math.inf
        elif isinstance(entry, str) and key == "free":
            # Numbers of parameters may be beyond what JSON's readers take.
            columns[name] = whole(entry)
        else:
            columns[name] = entry
    return columns


def short(value: float) -> str:
    """Writes a number with four significant digits."""
    return f"{value:.4g}"
