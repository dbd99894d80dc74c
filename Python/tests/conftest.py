"""The program and the library under test: those that the environment names, the installed wheel's, or the clone's."""

import os
from pathlib import Path

import pytest

import chainrule

ROOT = Path(__file__).resolve().parents[2]

for _variable, _file in [("CHAINRULE", "chainrule"), ("CHAINRULE_LIBRARY", "libChainruleC.so")]:
    _places = [Path(chainrule.__file__).parent / "bin", ROOT / ".build/release", ROOT / ".build/debug"]
    _found = next((place / _file for place in _places if (place / _file).is_file()), None)
    if _found is not None:
        os.environ.setdefault(_variable, str(_found))


@pytest.fixture(scope="session")
def names() -> list[str]:
    """Three hundred given names."""
    text = (ROOT / "Examples/Data/given-names.txt").read_text(encoding="utf-8")
    return text.splitlines()[:300]


@pytest.fixture(scope="session")
def markov(names: list[str]) -> chainrule.Model:
    """A Markov model of them that decides at each step whether to end."""
    return chainrule.fit(names, "markov:2/halt", progress=False)
