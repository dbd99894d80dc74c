#!/usr/bin/env bash
# Checks the package and the notebooks' style, and runs the package's tests, with the tools on PATH; `make python` has them in a
# virtual environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export PYTHONDONTWRITEBYTECODE=1
ruff format --config pyproject.toml --check . ../Notebooks
ruff check --config pyproject.toml . ../Notebooks
mypy
pytest
