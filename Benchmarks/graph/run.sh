#!/usr/bin/env bash
# Questions to large graphs, as ratios to one pass over their edges: Benchmarks/graph/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
swift build -c release -debug-info-format none --product GraphBenchmark >&2
.build/release/GraphBenchmark
