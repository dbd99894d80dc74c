"""Running the program: its answer, its errors as exceptions, interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterable
from typing import IO, Any, NamedTuple

from . import _places
from ._progress import Progress
from .errors import ChainruleError, error

# How long an interrupted program may take to keep what it has done.
_PATIENCE = 30.0


class Answer(NamedTuple):
    """What the program printed, and what it remarked on standard error."""

    output: bytes
    remarks: list[str]

    def json(self) -> dict[str, Any]:
        """Reads the output as the JSON object that it is."""
        value = json.loads(self.output)
        if not isinstance(value, dict):
            raise ChainruleError("The program did not answer with a JSON object.")
        return value


def options(given: dict[str, Any]) -> list[str]:
    """Writes keyword arguments as options: learning_curve=True is --learning-curve, models a list one option each."""
    words: list[str] = []
    for name, value in given.items():
        flag = f"-{name}" if len(name) == 1 else f"--{name.rstrip('_').replace('_', '-')}"
        several = value if isinstance(value, (list, tuple)) else [value]
        for one in several:
            if one is None or one is False:
                continue
            if one is True:
                words.append(flag)
            elif len(name) == 1:
                words += [flag, _text(one)]
            else:
                words.append(f"{flag}={_text(one)}")
    return words


def _text(value: object) -> str:
    return os.fsdecode(value) if isinstance(value, os.PathLike) else str(value)


def run(arguments: Iterable[str], standard_input: bytes | None = None, progress: bool = True) -> Answer:
    """Runs the program to its end.

    An interruption (Ctrl-C) is passed on; the program then keeps what it has done, and is killed by another one, or if
    it takes too long. Raises `ChainruleError`.
    """
    # In a session of its own a Ctrl-C in the terminal reaches it once, through here: a second one would end it at once.
    process = subprocess.Popen(
        [_places.program(), *arguments],
        stdin=subprocess.DEVNULL if standard_input is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    streams = _Streams(process, standard_input, Progress(progress))
    try:
        streams.wait()
    except BaseException as reason:
        _stop(process)
        answer = streams.finish()
        if isinstance(reason, KeyboardInterrupt):
            raise error(_sentence(answer.remarks) or "interrupted", 130) from None
        raise
    answer = streams.finish()
    code = process.returncode
    if code < 0:
        raise ChainruleError(f"The program was ended by the signal {signal.Signals(-code).name}.", 128 - code)
    if code != 0:
        raise error(_sentence(answer.remarks) or f"The program ended with the exit code {code}.", code)
    return answer


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupts the program, and kills it if it does not end."""
    try:
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


class _Streams:
    """Threads that feed the program and read from it, so that neither waits for the other."""

    def __init__(self, process: subprocess.Popen[bytes], standard_input: bytes | None, progress: Progress) -> None:
        self._process = process
        self._progress = progress
        self._output = b""
        self._remarks: list[str] = []
        assert process.stdout is not None and process.stderr is not None
        self._threads = [
            threading.Thread(target=self._read_output, args=(process.stdout,), daemon=True),
            threading.Thread(target=self._read_remarks, args=(process.stderr,), daemon=True),
        ]
        if standard_input is not None:
            assert process.stdin is not None
            self._threads.append(threading.Thread(target=self._feed, args=(process.stdin, standard_input), daemon=True))
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Waits for the program, and shows its progress meanwhile."""
        while True:
            try:
                self._process.wait(0.1)
                return
            except subprocess.TimeoutExpired:
                self._progress.tick()

    def finish(self) -> Answer:
        """Reads the rest and closes everything."""
        for thread in self._threads:
            thread.join()
        self._progress.close()
        return Answer(self._output, self._remarks)

    def _feed(self, stream: IO[bytes], content: bytes) -> None:
        # A program that ends before it has read everything says why.
        try:
            with stream:
                stream.write(content)
        except BrokenPipeError:
            pass

    def _read_output(self, stream: IO[bytes]) -> None:
        with stream:
            self._output = stream.read()

    def _read_remarks(self, stream: IO[bytes]) -> None:
        with stream:
            for raw in stream:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                if not self._progress.take(line):
                    self._remarks.append(line)


def _sentence(remarks: list[str]) -> str:
    """Finds the sentence about an error among what the program said; the parser's own has its usage behind it."""
    for index, line in enumerate(remarks):
        if line.startswith("Error: "):
            sentence = [line.removeprefix("Error: ")]
            for following in remarks[index + 1 :]:
                if following.startswith(("Usage: ", "Help: ", "  See ")):
                    break
                sentence.append(following)
            return "\n".join(sentence)
    starts = [index for index, line in enumerate(remarks) if line.startswith("chainrule: ")]
    if not starts:
        return "\n".join(remarks)
    return "\n".join(remarks[starts[-1] :]).removeprefix("chainrule: ")
