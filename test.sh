#!/usr/bin/env bash
# Builds everything, installs what the tests need, and runs them all. --full runs the long ones too.
set -euo pipefail
cd "$(dirname "$0")"

full=0
for argument in "$@"; do
  case "$argument" in
    --full) full=1 ;;
    *) echo "usage: ./test.sh [--full]" >&2; exit 2 ;;
  esac
done
export SWARMPOOL_FULL=$full DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

# Installs a package of Debian; false where that can not be done.
install() {
  command -v apt-get >/dev/null || return 1
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
  { $sudo apt-get install -y -qq "$1" || { $sudo apt-get update -qq && $sudo apt-get install -y -qq "$1"; }; } >/dev/null 2>&1
}

# The native signature engine is optional: without it its own tests say so and are skipped.
if ! ldconfig -p 2>/dev/null | grep -q 'libsecp256k1\.so' && command -v apt-get >/dev/null; then
  step "installing libsecp256k1"
  install libsecp256k1-1 || echo "libsecp256k1 could not be installed; going on with the managed engine"
fi

# Real Redis servers, each a process that its test starts and stops; the system's own is not used.
if ! command -v redis-server >/dev/null; then
  step "installing redis-server"
  install redis-server || { echo "redis-server could not be installed: install it (Debian: redis-server), its tests need it" >&2; exit 1; }
fi

# Real IPFS nodes, each a process of Node.js.
step "installing the IPFS node of the tests"
eng/ipfs-node.sh

# A real Ethereum node with ENS's contracts, and a second implementation to compare with.
step "installing the Ethereum node of the tests"
eng/ens-chain.sh

step "building"
dotnet build SwarmPool.Framework.sln -c Release -v quiet

step "checking the format"
dotnet format SwarmPool.Framework.sln --no-restore --verify-no-changes --severity warn

# Programs are stopped by Ctrl-C in the tests. A shell that runs this in the background has its children ignore that.
interruptible=()
if env --default-signal=INT true 2>/dev/null; then interruptible=(env --default-signal=INT); fi

step "testing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
result=0
${interruptible[@]+"${interruptible[@]}"} dotnet test --solution SwarmPool.Framework.sln -c Release --no-build --no-progress 2>&1 | tee "$log" || result=$?

count() { sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$log" | tail -1; }
step "done"
printf '%s passed, %s failed, %s skipped\n' "$(count succeeded)" "$(count failed)" "$(count skipped)"
exit "$result"
