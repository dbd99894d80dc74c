"""Progress: lines of the program's standard error become a bar, and are no remarks."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import chainrule._progress
from chainrule._program import run
from chainrule._progress import Progress


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("gru:hidden=8,batch=8/eos: epoch 27 of 30: train 0.8672, largest 0.75, 1 s left", 1),
        ("sample: 300 of 1,000, 3 min left", 180),
        ("search: 5 h of it, 2 h left", 7200),
    ],
)
def test_lines_of_progress(line: str, left: int) -> None:
    progress = Progress(enabled=True)
    assert progress.take(line)
    assert progress._total == pytest.approx(left, abs=1)
    assert progress._text == line.rsplit(", ", 1)[0]


def test_other_lines_are_remarks() -> None:
    progress = Progress(enabled=False)
    for line in ["chainrule: a.txt: odd", "markov:2/eos  valid 1.57   test 1.55 nats/event  0.00 s", "it left 3 s", ""]:
        assert not progress.take(line)


def program(folder: Path, text: str) -> str:
    """Makes a program that says something on standard error."""
    path = folder / "chainrule"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_remarks_and_errors_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE", program(tmp_path, "echo 'train: 1 of 2, 3 s left' >&2; echo odd >&2; echo '{}'"))
    answer = run([])
    assert answer.json() == {} and answer.remarks == ["odd"]
    monkeypatch.setenv("CHAINRULE", program(tmp_path, "echo odd >&2; echo 'chainrule: no' >&2; echo more >&2; exit 65"))
    with pytest.raises(chainrule.DataError, match=r"^no\nmore$"):
        run([])
    monkeypatch.setenv("CHAINRULE", program(tmp_path, "kill -9 $$"))
    with pytest.raises(chainrule.ChainruleError, match="SIGKILL"):
        run([])
    # A program that does not read its input says what it has to say all the same.
    monkeypatch.setenv("CHAINRULE", program(tmp_path, "echo 'chainrule: early' >&2; exit 64"))
    with pytest.raises(chainrule.UsageError, match="early"):
        run([], standard_input=b"x" * 10_000_000)


def test_a_terminal_shows_a_bar(tmp_path: Path) -> None:
    path = program(tmp_path, "echo 'train: epoch 1, 1 s left' >&2; sleep 1; echo '{}'")
    master, slave = pty.openpty()
    script = "from chainrule._program import run; run([])"
    environment = {**os.environ, "CHAINRULE": path, "COLUMNS": "80"}
    child = subprocess.run([sys.executable, "-c", script], stderr=slave, env=environment, timeout=60)
    os.close(slave)
    shown = os.read(master, 100_000).decode()
    os.close(master)
    assert child.returncode == 0
    assert "░" in shown and "█" in shown and "train: epoch 1" in shown
    assert shown.endswith("\x1b[2K")
