#!/usr/bin/env bash
# Checks the package in a virtual environment of its own, on the program and library of the release build: style, types,
# tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
venv=$PWD/../.build-python/venv
[[ -x $venv/bin/pip ]] || python3 -m venv "$venv"
export PATH=$venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
pip install -q --disable-pip-version-check -e '.[dev]'
ruff format --check .
ruff check .
mypy
pytest
