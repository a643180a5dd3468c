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

# One compiler process for all projects, tests that build included: each that starts cold doubles the work of the build. It ends
# with this script; after --only it stays warm for the next time, for the ten minutes that the SDK lets one wait.
export SWARMPOOL_FULL=$full DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export UseSharedCompilation=true SharedCompilationId=swarmpool-$mode
[ "$mode" = only ] || SharedCompilationId+=-$$
# Most of what tests start lives for seconds: code is compiled again, for speed, only when it is called a thousand times (0x400), not thirty.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=400
# Test programs are started themselves, as `dotnet test` does, and have to find the runtime that `dotnet` has.
export DOTNET_ROOT=${DOTNET_ROOT:-$(dotnet --list-runtimes | sed -n 's|^Microsoft.NETCore.App .* \[\(.*\)/shared/Microsoft.NETCore.App\]$|\1|p' | tail -1)}

logs=$(mktemp -d)
cleanup() {
  wait
  rm -rf "$logs"
  [ "$mode" = only ] || pkill -f -- "-pipename:$SharedCompilationId" || true
}
trap cleanup EXIT

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
      models) step "installing the models of the tests"; eng/onnx-models.sh ;;
      inference) step "installing the inference server of the tests"; eng/inference-server.sh ;;
    esac
  done
}

case "$mode" in
  all) build=SwarmPool.Framework.sln projects=(tests/*/*.Tests.csproj) ;;
  fast) build=Fast.slnf; mapfile -t projects < <(grep -oE 'tests.*Tests\.csproj' Fast.slnf | tr -s '\\' '/') ;;
  only)
    build=tests/SwarmPool.$only.Tests/SwarmPool.$only.Tests.csproj projects=("$build")
    if [ ! -f "$build" ]; then
      { echo "there is no test project '$only'; there are:"; ls -d tests/*.Tests | sed 's|tests/SwarmPool\.\(.*\)\.Tests|  \1|'; } >&2
      exit 2
    fi ;;
esac

# What the tests start is fetched while the compiler works.
prepare "${projects[@]}" >"$logs/prepare" 2>&1 &
preparing=$!

step "building"
dotnet build "$build" -c Release -v quiet

# Order of usings, names and style are the build's business: its analyzers are on, and a warning is an error.
if [ "$mode" = all ]; then
  step "checking the format"
  dotnet format whitespace . --folder --verify-no-changes --exclude artifacts --exclude tests/ipfs-node/node_modules --exclude tests/ens-chain/node_modules --exclude tests/inference-server/node_modules
fi

prepared=0
wait "$preparing" || prepared=$?
cat "$logs/prepare"
[ "$prepared" = 0 ] || exit "$prepared"

step "testing"
# The longest first, and one more at a time than there are cores: half of their time they wait for servers and for other processes.
longest=(EndToEnd Simulation Plugins.Ipfs Packages Runtime Plugins.Redis Plugins.Ens Samples Programs Hostile)
ordered() { { printf 'tests/SwarmPool.%s.Tests\n' "${longest[@]}" | grep -xF -f <(dirname "$@") || true; dirname "$@"; } | awk '!seen[$0]++'; }
ordered "${projects[@]}" | xargs -P "$(($(nproc) + 1))" -I{} eng/run-tests.sh {} "$logs" "$@" || true

total() { cat "$logs"/*.counts | awk -v n="$1" '{ sum += $n } END { print sum + 0 }'; }
step "done"
printf '%s passed, %s failed, %s skipped\n' "$(total 1)" "$(total 2)" "$(total 3)"

# Each has to have ended well; one that was killed, or that never ran, left no such word.
ended=$(cat "$logs"/*.ended 2>/dev/null | grep -cx 0 || true)
[ "$ended" = "${#projects[@]}" ]
