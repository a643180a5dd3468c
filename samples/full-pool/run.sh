#!/usr/bin/env bash
# A whole pool as its operators would run it, on one machine: IPFS nodes, a Redis server, ENS on a chain, ONNX, 75/25; a daemon and
# a standby, three miners, two clients. It sends 50 jobs, kills the leader and a miner in between, seals two epochs, checks the
# result, and stops what it started. See README.md beside it.
#
#   samples/full-pool/run.sh [--no-build]
set -Eeuo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
configuration=${SWARMPOOL_CONFIGURATION:-Release}
flavour=$(printf '%s' "$configuration" | tr '[:upper:]' '[:lower:]')
patience=${SWARMPOOL_PATIENCE:-120}   # seconds that any single step may take
jobs=50
. "$here/parties.sh"

for tool in dotnet node curl redis-server redis-cli; do
  command -v "$tool" > /dev/null || { echo "$tool is missing (Debian: nodejs, curl, redis-server; and the .NET SDK that global.json names)" >&2; exit 1; }
done
if [ "${1:-}" != --no-build ]; then
  for program in Daemon Miner Client; do
    dotnet build -c "$configuration" -v quiet -nologo "$root/samples/SwarmPool.$program" >&2
  done
fi
"$root/eng/ipfs-node.sh" >&2
"$root/eng/ens-chain.sh" >&2

work=$(mktemp -d)
trap stop_all EXIT
trap 'echo "✗ line $LINENO: $BASH_COMMAND" >&2' ERR
trap 'exit 130' INT
trap 'exit 143' TERM

# The servers: a chain, a journal, and an IPFS node for each party.
parties=(pool standby alice bob carol clinic lab)
chain=$(echo "$root"/tests/ens-chain/node_modules/@foundry-rs/anvil-*/bin/anvil)
start chain "$chain" --port 0 --slots-in-an-epoch 1
redis_port=$(free_port)
mkdir "$work/redis"
start redis redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$work/redis" --save '' --appendonly yes --appendfsync always
for party in "${parties[@]}"; do
  mkdir "$work/$party"
  start "node-$party" node "$root/tests/ipfs-node/node.mjs" "$work/$party/ipfs"
done
until_said chain '^Listening on'
until_said redis 'Ready to accept connections'
declare -A api address
for party in "${parties[@]}"; do
  until_said "node-$party" '"api"'
  api[$party]=$(sed -nE 's/.*"api":"([^"]*)".*/\1/p' "$work/node-$party.log")
  address[$party]=$(sed -nE 's/.*"addresses":\["([^"]*)".*/\1/p' "$work/node-$party.log")
done
chain_url=http://$(sed -n 's/^Listening on //p' "$work/chain.log")
say "servers: a chain at $chain_url, Redis on port $redis_port, ${#parties[@]} IPFS nodes"

# The names: a key for each, its account on the chain, where the pool is, and where a miner is paid.
mkdir -m 700 "$work/keys"
names=(swarmpool.eth operations.swarmpool.eth miner.alice.eth miner.bob.eth miner.carol.eth clinic.dora.eth lab.erin.eth)
for name in "${names[@]}"; do (umask 077; od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$work/keys/$name"); done
wallet=0x00000000000000000000000000000000000a11ce
for name in "${names[@]}"; do
  texts=
  case $name in
    swarmpool.eth) texts="\"swarmpool.transport\":\"${address[pool]},${address[standby]}\"" ;;
    miner.alice.eth) texts="\"swarmpool.payout\":\"$wallet\"" ;;
  esac
  printf '{"name":"%s","key_file":"%s","texts":{%s}}\n' "$name" "$work/keys/$name" "$texts"
done | paste -sd, | sed 's/^/[/; s/$/]/' > "$work/names.json"
registry=$(node "$root/tests/ens-chain/names.mjs" "$chain_url" < "$work/names.json" | sed -nE 's/.*"registry":"([^"]*)".*/\1/p')
say "names: ${#names[@]} on ENS, registry $registry; swarmpool.eth names the pool's two nodes"

# command_of PARTY PROGRAM ARGUMENT...: sets line to the command line of a program in its party's folder. The configuration lies there; the
# environment says what is known only now: addresses, ports and the registry.
use=SWARMPOOL_plugins__use__SwarmPool.Plugins
command_of() {
  local party=$1 program=$2 assembly
  shift 2
  case $program in Daemon) assembly=swarmpool ;; Miner) assembly=swarm-miner ;; Client) assembly=swarm-client ;; esac
  line=(env --chdir="$work/$party" NO_COLOR=1 "${use}.Ens__endpoints__0=$chain_url" "${use}.Ens__registry=$registry" "${use}.Ipfs__api=${api[$party]}")
  if [ "$program" = Daemon ]; then
    line+=("${use}.Redis__configuration=127.0.0.1:$redis_port")
    if [ "$party" = pool ]; then line+=("${use}.Ipfs__peers__0=${address[standby]}"); else line+=("${use}.Ipfs__peers__0=${address[pool]}"); fi
  fi
  line+=(dotnet "$root/artifacts/bin/SwarmPool.$program/$flavour/$assembly.dll" "$@")
}
party() { command_of "$@"; start "$1" "${line[@]}"; }
run() { command_of "$@"; "${line[@]}"; }

cp -r "$root/models" "$work/models"
for party in pool standby; do cp "$here/swarmpool.json" "$work/$party"; done
for party in alice bob carol; do cp "$here/swarm-miner.json" "$work/$party"; done
for party in clinic lab; do cp "$here/swarm-client.json" "$work/$party"; done

party pool Daemon run --json
until_said pool '"event":"started"'
party standby Daemon run --standby --json
party alice Miner mine --json --ens miner.alice.eth --key-file ../keys/miner.alice.eth --mode SOLO
party bob Miner mine --json --ens miner.bob.eth --key-file ../keys/miner.bob.eth --mode SOLO
party carol Miner mine --json --ens miner.carol.eth --key-file ../keys/miner.carol.eth --mode PPS
until_said standby '"event":"standing_by"'
for miner in alice bob carol; do until_said $miner '"event":"registered"'; done
say "parties: a daemon leads, a standby follows; alice and bob mine SOLO, carol PPS"

# The jobs: each at a price of its own, so that no two can be taken for one another in the sums.
mkdir "$work"/{jobs,results,audits}
run pool Daemon init "$work/first" > /dev/null && cp "$work/first/seven.png" "$work/seven.png"
for ((i = 1; i <= jobs; i++)); do
  printf '{ "job_type": "image-classification", "model": "digits-16", "input": "../seven.png", "payment": { "amount": "0.1%05d" } }\n' "$i" > "$work/jobs/$i.json"
done

# submit FROM TO PARTY NAME: a client of its own, which sends these jobs at once and waits for their answers
submit() {
  local files
  files=$(seq -f '../jobs/%g.json' "$1" "$2")
  # shellcheck disable=SC2086 -- one word a file
  command_of "$3" Client submit $files --json --ens "$4" --key-file "../keys/$4"
  out="$work/results/$1-$2.jsonl" start "jobs-$1-$2" "${line[@]}"
}

# Each client has to bring an answer to each of its jobs, or it ends with another code.
answered() { wait "${pid[jobs-$1-$2]}" || fail "the client of the jobs $1 to $2 ended without all answers"; unset "pid[jobs-$1-$2]"; }
answers() { cat "$work"/results/*.jsonl | wc -l; }
answers_at_least() { (($(answers) >= $1)) || ! runs "$2"; }

# The CIDs of the sealed epochs, as anybody reads them who may read the Redis server; and how many jobs they hold.
epochs() { redis-cli -p "$redis_port" --raw lrange '{swarmpool.eth}:epochs:history' 0 -1; }
sealed_jobs() {
  local cid total=0
  for cid in $(epochs); do
    total=$((total + $(curl -sS -X POST "${api[standby]}/api/v0/block/get?arg=$cid" | sed -nE 's/.*"jobs_count":([0-9]+).*/\1/p')))
  done
  echo "$total"
}
sealed_at_least() { (($(sealed_jobs) >= $1)); }

submit 1 12 clinic clinic.dora.eth
submit 13 25 lab lab.erin.eth
until_true "$patience" "five answers" answers_at_least 5 jobs-1-12
kill_hard pool
say "the leader is killed (-9) after $(answers) of 25 answers"
until_said standby '"event":"started"'
say "the standby leads"
answered 1 12
answered 13 25
until_true "$patience" "a sealed epoch with jobs" sealed_at_least 1
say "25 jobs are answered and an epoch is sealed; 25 more jobs follow"

submit 26 37 clinic clinic.dora.eth
submit 38 50 lab lab.erin.eth
until_true "$patience" "five more answers" answers_at_least 30 jobs-26-37
kill_hard bob
say "miner bob is killed (-9) after $(answers) of 50 answers"
answered 26 37
answered 38 50
say "all clients have their answers"
until_true "$patience" "the sealed epochs of all $jobs jobs" sealed_at_least "$jobs"
say "all of it is sealed; now it is checked"

# A client has no more than anybody: its own IPFS node, and names. Oldest first, each audit goes on where the one before ended.
for cid in $(epochs | tac); do run clinic Client audit "$cid" --checkpoint audited.json --json > "$work/audits/$cid.json"; done
run standby Daemon journal verify --json > "$work/verify.json"
run standby Daemon status --json > "$work/status.json"
node "$here/check.mjs" "$work" "$jobs" "${api[standby]}" || fail "the pool is not as it has to be"
say "done; all that was started is stopped now"
