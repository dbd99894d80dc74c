"""Where the program and the C library are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .errors import ProgramNotFound

_PACKAGE = Path(__file__).resolve().parent
_LIBRARY = "libChainruleC.so"


def program() -> str:
    """Finds the program: CHAINRULE in the environment, the wheel's own, the clone's, or one on PATH.

    Raises `ProgramNotFound`.
    """
    named = os.environ.get("CHAINRULE")
    if named:
        if os.access(named, os.X_OK) and Path(named).is_file():
            return named
        raise ProgramNotFound(f"CHAINRULE is {named}, which is no program: name the program chainrule, or unset it.")
    found = _first("chainrule") or shutil.which("chainrule")
    if found is None:
        raise ProgramNotFound(
            "The program chainrule was not found: install a wheel that carries it, run `make build` in the clone that "
            "the package was installed from, put the program on PATH, or name it in the environment variable CHAINRULE."
        )
    return str(found)


def library() -> str:
    """Finds the C library: CHAINRULE_LIBRARY in the environment, the wheel's own, or the clone's.

    Raises `ProgramNotFound`.
    """
    named = os.environ.get("CHAINRULE_LIBRARY")
    if named:
        return named
    found = _first(_LIBRARY)
    if found is None:
        raise ProgramNotFound(
            f"The library {_LIBRARY} was not found: install a wheel that carries it, run `make build` in the clone "
            "that the package was installed from, or name it in the environment variable CHAINRULE_LIBRARY."
        )
    return str(found)


def _first(name: str) -> Path | None:
    """Looks for a file in the wheel, then in the clone."""
    places = [_PACKAGE / "bin"]
    clone = _clone()
    if clone is not None:
        places.append(clone / ".build" / "release")
    return next((place / name for place in places if (place / name).is_file()), None)


def _clone() -> Path | None:
    """Gives the clone that the package was installed from, if any: the build wrote it down, or it lies in the clone."""
    written = _PACKAGE / "clone.txt"
    if written.is_file():
        return Path(written.read_text(encoding="utf-8"))
    clone = _PACKAGE.parent.parent
    return clone if (clone / "Package.swift").is_file() else None
