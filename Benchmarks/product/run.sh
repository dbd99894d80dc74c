#!/usr/bin/env bash
# The product of packed matrices against OpenBLAS's, on one core.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
swift build -c release -debug-info-format none --product ProductBenchmark >/dev/null
.build/release/ProductBenchmark "$@"
