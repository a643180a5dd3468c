#!/usr/bin/env bash
# A pool that checks work, two honest miners, and one whose "model" is a shell script that answers "0" to every picture. All in processes of their own.
# The liar ends unpaid, each picture is answered rightly, and a stranger recomputes it all. Everything is stopped and removed at the end.
#
#   samples/one-liar.sh [--no-build]      SWARMPOOL_JOBS: how many pictures (default 200); SWARMPOOL_PORT: the loopback port (default 18831)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
configuration=${SWARMPOOL_CONFIGURATION:-Release}
jobs=${SWARMPOOL_JOBS:-200}
bin="$root/artifacts/bin"
flavour=$(printf '%s' "$configuration" | tr '[:upper:]' '[:lower:]')

if [ "${1:-}" != --no-build ]; then
  for program in SwarmPool.Daemon SwarmPool.Miner SwarmPool.Client CustomBackend; do
    dotnet build -c "$configuration" -v quiet -nologo "$root/samples/$program" >&2
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
  cd "$work/pool" && exec env NO_COLOR=1 SWARMPOOL_epoch_duration_seconds=3 \
    "SWARMPOOL_plugins__use__SwarmPool.Plugins.Embedded__url=mqtt://127.0.0.1:${SWARMPOOL_PORT:-18831}" \
    dotnet "$bin/SwarmPool.$program/$flavour/$assembly.dll" "$@"
}

# party NAME PROGRAM ARGUMENT...: starts it in the background; what it says is kept
party() {
  local name=$1
  shift
  (run "$@") > "$work/$name.log" 2>&1 &
  pids+=($!)
}

# until_said NAME TEXT...: waits until the party has said all of it in one line, and prints the line
until_said() {
  local name=$1 found
  shift
  for _ in $(seq 1 1200); do
    found=$(cat "$work/$name.log" 2>/dev/null || true)
    for text in "$@"; do found=$(grep -F -- "$text" <<< "$found" || true); done
    if [ -n "$found" ]; then head -1 <<< "$found"; return; fi
    sleep 0.1
  done
  echo "$name did not say '$*' within 120 s:" >&2
  tail -20 "$work/$name.log" >&2
  exit 1
}

mkdir "$work/pool" "$work/liars-plugins"
(run Daemon init . --miners miner.alice.eth,miner.bob.eth,miner.mallory.eth) > /dev/null
cp -r "$bin/SwarmPool.Miner/$flavour/plugins/SwarmPool.Plugins.Embedded" "$work/liars-plugins/"
cp -r "$bin/CustomBackend/$flavour" "$work/liars-plugins/CustomBackend"
cat > "$work/pool/liar.sh" <<'LIAR'
#!/bin/sh
cat > /dev/null
echo '{"label":"0","confidence":"0.9999"}'
LIAR
chmod +x "$work/pool/liar.sh"
cat > "$work/pool/liar.json" <<LIAR
{ "pool_ens": "swarmpool.eth", "mode": "SOLO", "plugins": { "folder": "$work/liars-plugins", "use": {
  "SwarmPool.Plugins.Embedded": {},
  "CustomBackend": { "models": { "digits-16": { "executable": "liar.sh", "job_types": ["image-classification"] } } } } } }
LIAR
for i in $(seq 1 "$jobs"); do cp "$work/pool/job.json" "$work/pool/job-$i.json"; done

party pool Daemon run --json
until_said pool '"event":"started"' > /dev/null
until_said pool '"event":"checks"'
party alice Miner mine --ens miner.alice.eth --key-file keys/miner.alice.eth.key --json
party bob Miner mine --ens miner.bob.eth --key-file keys/miner.bob.eth.key --json
party mallory Miner mine --config liar.json --ens miner.mallory.eth --key-file keys/miner.mallory.eth.key --json
for miner in alice bob mallory; do until_said $miner '"event":"registered"' > /dev/null; done

files=(); for i in $(seq 1 "$jobs"); do files+=("job-$i.json"); done
(run Client submit "${files[@]}" --json --ens clinic.clientswarm.eth --key-file keys/clinic.clientswarm.eth.key) > "$work/client.log" 2> "$work/client.err" || { tail -20 "$work/client.err" >&2; exit 1; }
right=$(grep -c 'label\\":\\"7\\"\|\\u0022label\\u0022:\\u00227\\u0022' "$work/client.log" || true)
echo "pictures: $jobs, answered rightly: $right"

# What is decided in an epoch is paid by the second after it.
open=$( (run Daemon status --json) | grep -o '"epoch-[0-9]*"' | head -1 | tr -dc 0-9)
last=$(until_said pool '"event":"epoch_settled"' "\"epoch-$((open + 2))\"")
paid() { { grep -F '"event":"epoch_settled"' "$work/pool.log" || true; } | { grep -cF "miner.$1.eth" || true; }; }
echo "epochs that paid alice or bob: $(( $(paid alice) + $(paid bob) ))"
echo "epochs that paid mallory: $(paid mallory)"
echo "found wrong or outvoted: $({ grep -F '"event":"check_decided"' "$work/pool.log" || true; } | { grep -cE '"verdict":"wrong"|SP3431' || true; })"
cid=$(grep -o '"cid":"b[a-z2-7]*"' <<< "$last" | head -1 | cut -d'"' -f4)
(run Client audit "$cid" --json --lenient) > "$work/audit.log" 2> "$work/audit.err" || { cat "$work/audit.log" "$work/audit.err" >&2; exit 1; }
echo "audit of $((open + 2)) epochs: $(grep -o '"right": *true' "$work/audit.log")"
[ "$right" = "$jobs" ] && [ "$(paid mallory)" = 0 ]
