#!/usr/bin/env bash
# The flow of a first pool over IPFS, each party in a process of its own and with a node of its own: a daemon, two racing
# miners, a client, and a look at the state and at the pool's public tree. Each line is prefixed by the party that says it.
# Everything is stopped and removed at the end.
#
#   samples/ipfs-terminals.sh [--no-build]
#
# The nodes are those of tests/ipfs-node (Node.js; installed there on first use). To use nodes of your own, which must be
# connected to each other and have pubsub on, name their RPC addresses in the order daemon, alice, bob, client:
#
#   SWARMPOOL_KUBO_API=http://127.0.0.1:5001,http://127.0.0.1:5002,… samples/ipfs-terminals.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
configuration=${SWARMPOOL_CONFIGURATION:-Release}
bin="$root/artifacts/bin"
flavour=$(printf '%s' "$configuration" | tr '[:upper:]' '[:lower:]')
parties=(pool alice bob client)

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

# until_said NAME TEXT: waits until the party has said it
until_said() {
  for _ in $(seq 1 900); do
    grep -qF -- "$2" "$work/$1.log" 2>/dev/null && return
    sleep 0.1
  done
  echo "$1 did not say '$2' within 90 s" >&2
  exit 1
}

# of NAME KEY: a string in the line of JSON that a node says when it serves
of() { sed -nE "s/.*\"$2\":\[?\"([^\"]*)\".*/\1/p" "$work/node-$1.log"; }

declare -A api
peers=''
if [ -n "${SWARMPOOL_KUBO_API:-}" ]; then
  IFS=, read -r -a given <<< "$SWARMPOOL_KUBO_API"
  for i in "${!parties[@]}"; do api[${parties[$i]}]=${given[$((i % ${#given[@]}))]}; done
else
  "$root/eng/ipfs-node.sh" >&2
  for party in "${parties[@]}"; do
    node "$root/tests/ipfs-node/node.mjs" "$work/ipfs-$party" > "$work/node-$party.log" 2>> "$work/node-errors.log" &
    pids+=($!)
  done
  for party in "${parties[@]}"; do
    until_said "node-$party" '"api"'
    api[$party]=$(of "$party" api)
    echo "node    ${party}: ${api[$party]} is $(of "$party" id)"
  done
  peers=$(of pool addresses)
fi

# run PARTY PROGRAM ARGUMENT...: one of the three programs, in the pool's folder, on the party's node
run() {
  local party=$1 program=$2 assembly ipfs=SWARMPOOL_plugins__use__SwarmPool.Plugins.Ipfs
  shift 2
  case $program in Daemon) assembly=swarmpool ;; Miner) assembly=swarm-miner ;; Client) assembly=swarm-client ;; esac
  local settings=(NO_COLOR=1 "${ipfs}__api=${api[$party]}")
  if [ -n "$peers" ] && [ "$party" != pool ]; then settings+=("${ipfs}__peers__0=$peers"); fi
  cd "$work/pool" && exec env "${settings[@]}" dotnet "$bin/SwarmPool.$program/$flavour/$assembly.dll" "$@"
}

# party NAME PROGRAM ARGUMENT...: starts it in the background; what it says is shown and kept
party() {
  (run "$@") > >(tee "$work/$1.log" | sed -u "s/^/$(printf '%-8s' "$1")/") 2>&1 &
  pids+=($!)
}

mkdir "$work/pool"
(run pool Daemon init . --transport ipfs) | sed 's/^/init    /'
party pool Daemon run
until_said pool swarmpool.eth
party alice Miner mine --ens miner.alice.eth --key-file keys/miner.alice.eth.key --mode SOLO
party bob Miner mine --ens miner.bob.eth --key-file keys/miner.bob.eth.key --mode SOLO
until_said alice Registered
until_said bob Registered
(run client Client submit job.json --ens clinic.clientswarm.eth --key-file keys/clinic.clientswarm.eth.key) 2>&1 | sed -u 's/^/client  /'
until_said pool PROOF
(run pool Daemon status) 2>&1 | sed 's/^/status  /'
