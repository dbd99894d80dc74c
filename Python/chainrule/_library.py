"""The C interface: models and walks in this process."""

from __future__ import annotations

import ctypes
import operator
import os
import weakref
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _places
from .errors import ChainruleError, Interrupted, ProgramNotFound, UsageError, error

_BUFFER_TOO_SMALL = 1
_POINTER = ctypes.c_void_p
_FUNCTIONS: dict[str, list[Any]] = {
    "load": [ctypes.c_char_p, ctypes.POINTER(_POINTER)],
    "alphabet_size": [_POINTER, ctypes.POINTER(ctypes.c_int32)],
    "symbol": [_POINTER, ctypes.c_int32, _POINTER, ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t)],
    "score": [_POINTER, _POINTER, _POINTER, ctypes.c_int64, _POINTER],
    "sample": [
        _POINTER,
        ctypes.c_uint64,
        ctypes.c_int64,
        ctypes.c_int64,
        ctypes.c_int64,
        _POINTER,
        ctypes.c_int64,
        _POINTER,
        _POINTER,
    ],
    "walk_start": [_POINTER, ctypes.c_int64, ctypes.POINTER(_POINTER)],
    "walk_copy": [_POINTER, ctypes.POINTER(_POINTER)],
    "walk_next": [_POINTER, _POINTER],
    "walk_advance": [_POINTER, ctypes.c_int32],
}


@cache
def _library() -> ctypes.CDLL:
    path = _places.library()
    try:
        library = ctypes.CDLL(path)
    except OSError as reason:
        raise ProgramNotFound(f"The library {path} cannot be loaded: {reason}.") from None
    for name, arguments in _FUNCTIONS.items():
        function = getattr(library, f"chainrule_{name}")
        function.argtypes, function.restype = arguments, ctypes.c_int32
    for name in ("free", "walk_free"):
        function = getattr(library, f"chainrule_{name}")
        function.argtypes, function.restype = [_POINTER], None
    library.chainrule_last_error.argtypes, library.chainrule_last_error.restype = [], ctypes.c_char_p
    return library


def _call(name: str, *arguments: Any) -> None:
    """Calls a function, and raises what it answers."""
    library = _library()
    status = getattr(library, f"chainrule_{name}")(*arguments)
    if status != 0:
        raise _failure(library, status)


def _failure(library: ctypes.CDLL, status: int) -> ChainruleError | Interrupted:
    return error(library.chainrule_last_error().decode("utf-8", "replace"), status)


def _whole(name: str, value: int, below: int) -> int:
    """Checks that an integer fits: ctypes takes those that do not modulo a power of 2. Raises `UsageError`."""
    value = operator.index(value)
    if not 0 <= value < below:
        raise UsageError(f"{name} is {value}: it must be from 0 to {below - 1}.", 64)
    return value


class LoadedModel:
    """A model file in this process's memory. Threads may share it."""

    def __init__(self, path: str) -> None:
        """Reads the file. Raises `ChainruleError`."""
        pointer = _POINTER()
        encoded = os.fsencode(path)
        if b"\0" in encoded:
            raise ValueError("the path holds a zero byte")
        _call("load", encoded, ctypes.byref(pointer))
        self.pointer = pointer
        weakref.finalize(self, _library().chainrule_free, pointer)

    @cached_property
    def symbols(self) -> list[str]:
        """The symbols, in the order of their indices."""
        size = ctypes.c_int32()
        _call("alphabet_size", self.pointer, ctypes.byref(size))
        return [self._symbol(index) for index in range(size.value)]

    def _symbol(self, index: int) -> str:
        library, length, capacity = _library(), ctypes.c_size_t(), 16
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            status = library.chainrule_symbol(self.pointer, index, buffer, capacity, ctypes.byref(length))
            if status == 0:
                return buffer.raw[: length.value].decode()
            if status != _BUFFER_TOO_SMALL:
                raise _failure(library, status)
            capacity = length.value

    @cached_property
    def indices(self) -> dict[str, int]:
        """The index of each symbol."""
        return {symbol: index for index, symbol in enumerate(self.symbols)}

    def score(self, sequences: Sequence[Sequence[int]]) -> npt.NDArray[np.float64]:
        """Gives −log P of each sequence of indices, in nats."""
        offsets = np.zeros(len(sequences) + 1, dtype=np.int64)
        np.cumsum([len(sequence) for sequence in sequences], out=offsets[1:])
        symbols = np.fromiter((index for sequence in sequences for index in sequence), np.int32, int(offsets[-1]))
        nats = np.empty(len(sequences))
        _call("score", self.pointer, symbols.ctypes.data, offsets.ctypes.data, len(sequences), nats.ctypes.data)
        return nats

    def sample(
        self, seed: int, first: int, count: int, max_length: int = 10_000
    ) -> tuple[list[npt.NDArray[np.int32]], npt.NDArray[np.bool_]]:
        """Draws samples number first, first + 1, … of a seed, as indices, and says which ended by themselves."""
        seed = _whole("seed", seed, 2**64)
        first, count = _whole("first", first, 2**48), _whole("count", count, 2**48)
        max_length = _whole("max_length", max_length, 2**48)
        library = _library()
        offsets, complete = np.zeros(count + 1, dtype=np.int64), np.zeros(count, dtype=np.uint8)
        capacity = 32 * count
        while True:
            symbols = np.empty(capacity, dtype=np.int32)
            status = library.chainrule_sample(
                self.pointer,
                seed,
                first,
                count,
                max_length,
                symbols.ctypes.data,
                capacity,
                offsets.ctypes.data,
                complete.ctypes.data,
            )
            if status == 0:
                return np.split(symbols[: offsets[-1]], offsets[1:-1]), complete.astype(bool)
            if status != _BUFFER_TOO_SMALL:
                raise _failure(library, status)
            capacity = int(offsets[-1])

    def walk(self, length: int | None = None) -> LoadedWalk:
        """Begins a walk before the first symbol."""
        pointer = _POINTER()
        given = -1 if length is None else _whole("length", length, 2**31)
        _call("walk_start", self.pointer, given, ctypes.byref(pointer))
        return LoadedWalk(pointer, len(self.symbols))


class LoadedWalk:
    """A walk along one sequence, of one thread at a time."""

    def __init__(self, pointer: ctypes.c_void_p, alphabet_size: int) -> None:
        """Takes the pointer, and frees it in the end."""
        self.pointer = pointer
        self._size = alphabet_size
        weakref.finalize(self, _library().chainrule_walk_free, pointer)

    def copy(self) -> LoadedWalk:
        """Begins another walk where this one stands."""
        pointer = _POINTER()
        _call("walk_copy", self.pointer, ctypes.byref(pointer))
        return LoadedWalk(pointer, self._size)

    def next(self) -> npt.NDArray[np.float64]:
        """Gives log P of each symbol, and of the end last."""
        log_probabilities = np.empty(self._size + 1)
        _call("walk_next", self.pointer, log_probabilities.ctypes.data)
        return log_probabilities

    def advance(self, index: int) -> None:
        """Continues with a symbol."""
        _call("walk_advance", self.pointer, index)
