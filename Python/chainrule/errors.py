"""Exceptions: what the program answered, with its sentence and its exit code."""

from __future__ import annotations


class ChainruleError(Exception):
    """An error that the program, or the C library, told in a sentence."""

    def __init__(self, message: str, exit_code: int = 70) -> None:
        """Keeps the sentence and the exit code."""
        super().__init__(message)
        self.exit_code = exit_code


class UsageError(ChainruleError):
    """An option or a model's word that makes no sense (exit code 64)."""


class DataError(ChainruleError):
    """Data, or a model file, that are broken (exit code 65)."""


class MissingInput(ChainruleError):
    """A file that is not there or cannot be read (exit code 66)."""


class OutputError(ChainruleError):
    """A file that could not be written (exit codes 73 and 74)."""


class ProgramNotFound(ChainruleError):
    """There is no program, or no C library, to ask."""


class Interrupted(KeyboardInterrupt):
    """The work was interrupted; the sentence says what was kept (exit code 130).

    It is no `ChainruleError`: what passes over errors, `except Exception` too, must not pass over an interruption.
    """

    def __init__(self, message: str, exit_code: int = 130) -> None:
        """Keeps the sentence and the exit code."""
        super().__init__(message)
        self.exit_code = exit_code


def error(message: str, exit_code: int) -> ChainruleError | Interrupted:
    """Gives the exception for an exit code of the program."""
    kinds: dict[int, type[ChainruleError] | type[Interrupted]] = {
        64: UsageError,
        65: DataError,
        66: MissingInput,
        73: OutputError,
        74: OutputError,
        129: Interrupted,
        130: Interrupted,
        143: Interrupted,
    }
    return kinds.get(exit_code, ChainruleError)(message, exit_code)
