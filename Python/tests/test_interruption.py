"""Interruption: the child keeps its checkpoint and does not outlive its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import chainrule

FIT = """
import sys, chainrule
try:
    chainrule.fit({names!r} * 20, "gru:256,epochs=100000,batch=8", output={output!r}, checkpoint_every=1)
except KeyboardInterrupt as interruption:
    print(type(interruption).__name__, interruption.exit_code, interruption)
    sys.exit(3)
"""
LIMIT = 60


def wait_for(condition) -> None:
    """Waits until something is so."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def children(process: int) -> list[int]:
    """The processes that a process started."""
    return [
        int(number) for task in Path(f"/proc/{process}/task").glob("*/children") for number in task.read_text().split()
    ]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are found in /proc")
def test_an_interrupted_fit_keeps_its_checkpoint(names: list[str], tmp_path: Path) -> None:
    output = tmp_path / "a model.safetensors"
    script = FIT.format(names=names, output=str(output))
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        checkpoint = Path(f"{output}.checkpoint")
        wait_for(checkpoint.exists)
        (child,) = children(parent.pid)
        parent.send_signal(signal.SIGINT)
        printed, _ = parent.communicate(timeout=LIMIT)
    finally:
        parent.kill()
    assert parent.returncode == 3
    assert printed.startswith("Interrupted 130 interrupted; the best model so far is in ") and "--resume" in printed
    assert not Path(f"/proc/{child}").exists()
    assert not output.exists()
    assert np_finite(chainrule.Model(checkpoint).nats(["anna"]))


def test_an_interruption_is_no_error() -> None:
    assert issubclass(chainrule.Interrupted, KeyboardInterrupt) and not issubclass(chainrule.Interrupted, Exception)


def np_finite(values) -> bool:
    """Whether there is a number, and it is finite."""
    return len(values) == 1 and abs(values[0]) < float("inf")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are found in /proc")
def test_an_interrupted_call_leaves_no_temporary_folder(names: list[str], tmp_path: Path) -> None:
    script = f"""
import chainrule
chainrule.compare({names!r} * 20, ["gru:256,epochs=100000,batch=8"])
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True, env=environment)
    try:
        wait_for(lambda: children(parent.pid))
        (child,) = children(parent.pid)
        time.sleep(0.5)
        parent.send_signal(signal.SIGINT)
        _, printed = parent.communicate(timeout=LIMIT)
    finally:
        parent.kill()
    assert "Interrupted" in printed
    assert not Path(f"/proc/{child}").exists()
    assert list(tmp_path.iterdir()) == []
