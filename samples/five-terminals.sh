#!/usr/bin/env bash
# The flow of a first pool in processes of their own: a daemon, two racing miners, a client, and a look at the state.
# Each line is prefixed by the party that says it. Everything is stopped and removed at the end.
#
#   samples/five-terminals.sh [--no-build]      SWARMPOOL_PORT chooses the loopback port (default 18830)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
configuration=${SWARMPOOL_CONFIGURATION:-Release}
bin="$root/artifacts/bin"
flavour=$(printf '%s' "$configuration" | tr '[:upper:]' '[:lower:]')

if [ "${1:-}" != --no-build ]; then
  for program in Daemon Miner Client; do
    dotnet build -c "$configuration" -v quiet -nologo "$root/samples/SwarmPool.$program" >&2
  done
fi

work=$(mktemp -d)
pids=()
stop() {
  status=$?
  trap - EXIT
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
  exit "$status"
}
trap stop EXIT INT TERM

# run PROGRAM ARGUMENT...: one of the three programs, in the pool's folder, on the chosen port
run() {
  local program=$1 assembly
  shift
  case $program in Daemon) assembly=swarmpool ;; Miner) assembly=swarm-miner ;; Client) assembly=swarm-client ;; esac
  cd "$work/pool" && exec env NO_COLOR=1 \
    "SWARMPOOL_plugins__use__SwarmPool.Plugins.Embedded__url=mqtt://127.0.0.1:${SWARMPOOL_PORT:-18830}" \
    dotnet "$bin/SwarmPool.$program/$flavour/$assembly.dll" "$@"
}

# party NAME PROGRAM ARGUMENT...: starts it in the background; what it says is shown and kept
party() {
  local name=$1
  shift
  (run "$@") > >(tee "$work/$name.log" | sed -u "s/^/$(printf '%-8s' "$name")/") 2>&1 &
  pids+=($!)
}

# until NAME TEXT: waits until the party has said it
until_said() {
  for _ in $(seq 1 600); do
    grep -qF -- "$2" "$work/$1.log" 2>/dev/null && return
    sleep 0.1
  done
  echo "$1 did not say '$2' within 60 s" >&2
  exit 1
}

mkdir "$work/pool"
(run Daemon init .) | sed 's/^/init    /'
party pool Daemon run
until_said pool swarmpool.eth
party alice Miner mine --ens miner.alice.eth --key-file keys/miner.alice.eth.key --mode SOLO
party bob Miner mine --ens miner.bob.eth --key-file keys/miner.bob.eth.key --mode SOLO
until_said alice Registered
until_said bob Registered
(run Client submit job.json --ens clinic.clientswarm.eth --key-file keys/clinic.clientswarm.eth.key) 2>&1 | sed -u 's/^/client  /'
until_said pool PROOF
(run Daemon status) 2>&1 | sed 's/^/status  /'
