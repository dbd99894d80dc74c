"""Sequences from Python, as the program reads them: paths, lists, arrays."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, Union

import numpy as np
import pandas as pd

Path_: TypeAlias = Union[str, "os.PathLike[str]"]
Data: TypeAlias = Union[Path_, "Iterable[Any]", "pd.Series[Any]", "np.ndarray[Any, Any]"]
"""Sequences: the path of a file, or a list or pandas Series of sequences, or a two-dimensional array of integers.

A sequence is a string, whose symbols are its characters (or what `symbols=` says), a list or array of strings or
integers, or a mapping `{"y": [...], "x": [...]}` with inputs x.
"""


class Content(NamedTuple):
    """What a file with the sequences would hold."""

    text: bytes
    format: str
    suffix: str


def is_path(data: object) -> bool:
    """Says whether data are the path of a file."""
    return isinstance(data, (str, os.PathLike))


def path_argument(path: Path_) -> str:
    """Gives a path as the program takes it: one that begins with - would be an option, or standard input."""
    text = os.fsdecode(path)
    return f"./{text}" if text.startswith("-") else text


def content(data: Data) -> Content:
    """Writes sequences as lines of text, if they are strings, else as JSON lines. O(symbols).

    Raises `TypeError` or `ValueError` for what is no list of sequences.
    """
    if isinstance(data, np.ndarray):
        if data.ndim == 0 or (data.ndim == 1 and data.dtype.kind not in "OUS"):
            raise ValueError(
                f"an array of {data.ndim} dimensions and type {data.dtype} holds one sequence at most: "
                "give a list of sequences, [array], or an array of two dimensions, one sequence a row"
            )
        sequences: list[Any] = data.tolist()
    elif isinstance(data, Mapping) or not isinstance(data, Iterable):
        raise TypeError(f"sequences are a path, or a list or array of sequences, and not a {type(data).__name__}")
    else:
        sequences = list(data)
    if all(isinstance(sequence, str) for sequence in sequences):
        return Content(_lines(sequences), "lines", ".txt")
    return Content(_json_lines(sequences), "jsonl", ".jsonl")


def _lines(sequences: Sequence[str]) -> bytes:
    for index, text in enumerate(sequences):
        if "\n" in text or "\r" in text:
            raise ValueError(
                f"sequence {index} holds a line break, which would end it: give lists of symbols, list(text), instead"
            )
    return "".join(f"{text}\n" for text in sequences).encode()


def _json_lines(sequences: Sequence[Any]) -> bytes:
    lines = []
    for index, sequence in enumerate(sequences):
        try:
            lines.append(json.dumps(_object(sequence), ensure_ascii=False, allow_nan=False, default=_plain))
        except (TypeError, ValueError) as reason:
            raise type(reason)(f"sequence {index}: {reason}") from None
    return "".join(f"{line}\n" for line in lines).encode()


def _object(sequence: Any) -> Mapping[str, Any]:
    if isinstance(sequence, Mapping):
        return sequence
    # The characters of a string beside lists of symbols.
    if isinstance(sequence, Iterable):
        return {"y": list(sequence)}
    raise TypeError(f"a {type(sequence).__name__} is no sequence: a string or a list of symbols is")


def _plain(value: Any) -> Any:
    """Gives numbers and arrays of NumPy as those of Python."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} is no symbol: a string or an integer is")


class Files:
    """The data of one run of the program as arguments: paths as they are, and the rest on standard input.

    Only one can stand there; of several each has a temporary file, whose suffix says its format.
    """

    def __init__(self, given: Mapping[str, Data | None], options: Mapping[str, Any]) -> None:
        """Takes data by name, and the options that go with them."""
        self._given = {name: data for name, data in given.items() if data is not None}
        self._has_format = options.get("input_format") is not None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.arguments: dict[str, str] = {}
        self.options: list[str] = []
        self.standard_input: bytes | None = None

    def __enter__(self) -> Files:
        """Makes the arguments."""
        written = {name: content(data) for name, data in self._given.items() if not is_path(data)}
        for name, data in self._given.items():
            if name not in written:
                self.arguments[name] = path_argument(data)  # type: ignore[arg-type]
            elif len(self._given) == 1:
                self.arguments[name], self.standard_input = "-", written[name].text
                if not self._has_format:
                    self.options = [f"--input-format={written[name].format}"]
            else:
                self._folder = self._folder or tempfile.TemporaryDirectory(prefix="chainrule-")
                path = Path(self._folder.name) / f"{name}{written[name].suffix}"
                path.write_bytes(written[name].text)
                self.arguments[name] = str(path)
        return self

    def __exit__(self, *reason: object) -> None:
        """Removes temporary files."""
        if self._folder is not None:
            self._folder.cleanup()
