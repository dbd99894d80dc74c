#!/usr/bin/env bash
# Runs Python with PyTorch and NumPy: Benchmarks/pytorch.sh SCRIPT [ARGUMENT…], with "-" for a script on standard input.
# Without arguments it says which versions there are; with --check alone it only succeeds where they are installed.
#
# They live in a virtual environment outside the repository, which the first run makes: $CHAINRULE_TORCH, or
# chainrule-torch in the user's cache folder. A wheel of PyTorch in a local folder that pip knows (PIP_FIND_LINKS) is
# taken first, else what pip's own settings lead to. A build for the CPU alone is enough, and ten times smaller.
set -euo pipefail

environment=${CHAINRULE_TORCH:-${XDG_CACHE_HOME:-$HOME/.cache}/chainrule-torch}
python=$environment/bin/python
# Written last: without it an installation was interrupted.
installed=$environment/chainrule-installed

if [[ ${1-} == --check ]]; then
  [[ -e $installed ]]
  exit
fi

if [[ ! -e $installed ]]; then
  echo "Installing PyTorch and NumPy in $environment" >&2
  [[ -x $python ]] || "${PYTHON:-python3}" -m venv "$environment" >&2
  "$python" -m pip install --quiet --no-index --no-deps torch >/dev/null 2>&1 || true
  "$python" -m pip install --quiet torch numpy >&2
  "$python" -c 'import torch, numpy'
  touch "$installed"
fi

if (($# == 0)); then
  exec "$python" -c 'import sys, torch, numpy
print(f"Python {sys.version.split()[0]}, PyTorch {torch.__version__}, NumPy {numpy.__version__}")'
fi
exec "$python" "$@"
