#!/usr/bin/env bash
# Runs `swift test` with these arguments and shows how far it has come: a line for each suite that is done, a count now and
# then, and each failure as it happens. At the end stand the failures again with their messages, the tests that had
# begun and not ended if there is no summary, and the closing line of `swift test`, whose exit status is kept. All that
# was printed is in .build/test.log, or in the file that TEST_LOG names.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log=${TEST_LOG:-.build/test.log}
mkdir -p "$(dirname "$log")"

swift test "$@" 2>&1 | tee "$log" | awk '
  function say(line) { print line; fflush() }
  # What follows a failure belongs to it: its comment, and further lines of its message.
  function keep(line) { failures = failures line "\n"; say(line) }

  BEGIN { mark = "^[^A-Za-z0-9 ]+ +" }

  { plain = $0; sub(mark, "", plain) }
  plain ~ /^Test run started/ { next }
  plain ~ /^Test run with / { summary = $0; inFailure = 0; next }
  plain ~ /^(Test|Suite) .* started\.$/ || plain ~ /^Test case passing .* started\.$/ {
    inFailure = 0
    if (plain ~ /^Test [^c]|^Test c[^a]/) { name = plain; sub(/^Test /, "", name); sub(/ started\.$/, "", name); open[name] = 1; begun++ }
    next
  }
  plain ~ /^Test case passing .* (passed|failed) after / { inFailure = 0; next }
  plain ~ /^Test .* (passed|failed) after / {
    inFailure = 0
    name = plain; sub(/^Test /, "", name); sub(/ (with [0-9]+ test cases? )?(passed|failed) after .*$/, "", name); delete open[name]
    if (++done % 100 == 0) say("  " done " tests are done")
    if (plain ~ / failed after /) keep($0)
    next
  }
  plain ~ /^Test .* skipped/ { say($0); next }
  plain ~ /^Suite .* (passed|failed) after / { inFailure = 0; say($0); next }
  plain ~ / recorded (an issue|a known issue|a warning)/ { inFailure = 1; keep($0); next }
  inFailure { keep($0); next }
  # The builders own lines, once each, and what tests print.
  /^\[[0-9]+\/[0-9]+\]/ { if ($0 ~ /Planning|Compiling|Emitting/ && ++built % 50 != 0) next; say($0); next }
  /^Test Suite .Selected tests|^Test Suite .All tests|Executed 0 tests, with 0 failures|^↳ (Testing Library|Target Platform)/ { next }
  { say($0) }

  END {
    if (failures != "") { print ""; print "== Failures"; printf "%s", failures }
    if (summary != "") { print ""; print summary }
    else if (begun > 0) {
      print ""; print "== No summary: these tests had begun and not ended"
      for (name in open) print "  " name
    }
  }'
