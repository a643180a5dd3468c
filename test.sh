#!/usr/bin/env bash
# Builds, installs what the tests need, and runs them.
#
#   ./test.sh               everything, as CI runs it
#   ./test.sh --full        the long tests too
#   ./test.sh --fast        protocol, core, runtime and the plugins that need no server
#   ./test.sh --only NAME   one project (Core, Plugins.Ipfs, ...); what follows goes to it, such as --filter-class '*ClaimRulesTests'
set -euo pipefail
cd "$(dirname "$0")"

usage() { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }

mode=all full=0 only=""
case "${1:-}" in
  "") ;;
  --full) full=1 ;;
  --fast) mode=fast ;;
  --only) mode=only only=${2:-}; [ -n "$only" ] || usage; shift ;;
  *) usage ;;
esac
(($# == 0)) || shift
[ "$mode" = only ] || (($# == 0)) || usage

# One compiler process for the whole run, tests that build included; it ends with this script.
export SWARMPOOL_FULL=$full DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export UseSharedCompilation=true SharedCompilationId=swarmpool-$$
log=$(mktemp)
trap 'rm -f "$log"; pkill -f -- "-pipename:$SharedCompilationId" || true' EXIT

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

# Installs a package of Debian; false where that can not be done.
install() {
  command -v apt-get >/dev/null || return 1
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
  { $sudo apt-get install -y -qq "$1" || { $sudo apt-get update -qq && $sudo apt-get install -y -qq "$1"; }; } >/dev/null 2>&1
}

# What each project's tests start is said in its TestNeeds.
needs() { grep -hoE '<TestNeeds Include="[^"]+"' "$@" | sed 's/.*"\(.*\)"/\1/' | tr ';' '\n' | sort -u; }

prepare() {
  # The native signature engine is optional: without it its own tests say so and are skipped.
  if ! ldconfig -p 2>/dev/null | grep -q 'libsecp256k1\.so' && command -v apt-get >/dev/null; then
    step "installing libsecp256k1"
    install libsecp256k1-1 || echo "libsecp256k1 could not be installed; going on with the managed engine"
  fi

  local need
  for need in $(needs "$@"); do
    case "$need" in
      redis)
        # Real Redis servers, each a process that its test starts and stops; the system's own is not used.
        command -v redis-server >/dev/null || { step "installing redis-server"; install redis-server; } ||
          { echo "redis-server could not be installed: install it (Debian: redis-server), its tests need it" >&2; exit 1; } ;;
      ipfs) step "installing the IPFS node of the tests"; eng/ipfs-node.sh ;;
      # With ENS's contracts, and a second implementation to compare with.
      ethereum) step "installing the Ethereum node of the tests"; eng/ens-chain.sh ;;
    esac
  done
}

case "$mode" in
  all) what=(--solution SwarmPool.Framework.sln) build=SwarmPool.Framework.sln projects=(tests/*/*.Tests.csproj) ;;
  fast)
    mapfile -t projects < <(grep -oE 'tests.*Tests\.csproj' Fast.slnf | tr -s '\\' '/')
    what=(--solution Fast.slnf) build=Fast.slnf ;;
  only)
    build=tests/SwarmPool.$only.Tests/SwarmPool.$only.Tests.csproj
    if [ ! -f "$build" ]; then
      { echo "there is no test project '$only'; there are:"; ls -d tests/*.Tests | sed 's|tests/SwarmPool\.\(.*\)\.Tests|  \1|'; } >&2
      exit 2
    fi
    what=(--project "$build") projects=("$build") ;;
esac

prepare "${projects[@]}"

step "building"
dotnet build "$build" -c Release -v quiet

# Order of usings, names and style are the build's business: its analyzers are on, and a warning is an error.
if [ "$mode" = all ]; then
  step "checking the format"
  dotnet format whitespace . --folder --verify-no-changes --exclude artifacts --exclude tests/ipfs-node/node_modules --exclude tests/ens-chain/node_modules
fi

# Programs are stopped by Ctrl-C in the tests. A shell that runs this in the background has its children ignore that.
interruptible=()
if env --default-signal=INT true 2>/dev/null; then interruptible=(env --default-signal=INT); fi

step "testing"
result=0
${interruptible[@]+"${interruptible[@]}"} dotnet test "${what[@]}" -c Release --no-build --no-progress "$@" 2>&1 | tee "$log" || result=$?

count() { sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$log" | tail -1; }
step "done"
printf '%s passed, %s failed, %s skipped\n' "$(count succeeded)" "$(count failed)" "$(count skipped)"
exit "$result"
