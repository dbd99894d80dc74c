#!/usr/bin/env bash
# Whole training steps of recurrent networks on one thread and on two.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
swift build -c release --product TrainingBenchmark >/dev/null
.build/release/TrainingBenchmark "$@"
