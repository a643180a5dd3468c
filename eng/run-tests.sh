#!/usr/bin/env bash
# Runs a test project that is built, for test.sh: eng/run-tests.sh tests/SwarmPool.X.Tests LOGS [ARGUMENTS of the test program].
# Leaves in the folder LOGS what it printed, how many passed, failed and were skipped, and how it ended (0: well).
set -euo pipefail
cd "$(dirname "$0")/.."

name=$(basename "$1") logs=$2
shift 2

# Programs are stopped by Ctrl-C in the tests. A shell that runs this in the background has its children ignore that.
interruptible=()
if env --default-signal=INT true 2>/dev/null; then interruptible=(env --default-signal=INT); fi

code=0
${interruptible[@]+"${interruptible[@]}"} "artifacts/bin/$name/release/$name" --no-ansi --progress off --show-stdout failed "$@" >"$logs/$name.log" 2>&1 || code=$?

count() { sed -nE "s/^ *$1: *([0-9]+)$/\1/p" "$logs/$name.log" | tail -1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
echo "${passed:-0} ${failed:-0} ${skipped:-0}" >"$logs/$name.counts"

if [ "$code" = 0 ]; then
  # What was skipped says why.
  grep -A1 '^skipped ' "$logs/$name.log" || true
else
  cat "$logs/$name.log"
fi
printf '%-42s %s passed, %s failed, %s skipped, %ss%s\n' \
  "$name" "${passed:-0}" "${failed:-0}" "${skipped:-0}" "$SECONDS" "$([ "$code" = 0 ] || echo ": ended with $code")"
echo "$code" >"$logs/$name.ended"
