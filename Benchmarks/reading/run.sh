#!/usr/bin/env bash
# Reads about 1 GB of generated lines twice, as characters and as words.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
swift build -c release -debug-info-format none --product ReadingBenchmark >/dev/null
.build/release/ReadingBenchmark "$@"
