# How run.sh starts, waits for and stops what it needs. Everything that was started is known by its process id, and nothing else is stopped.

declare -A pid=()   # by name: what runs
order=()            # the names, in the order of their start

say() { printf '%4ss  %s\n' "$SECONDS" "$*"; }
fail() { echo "✗ $*" >&2; exit 1; }

# start NAME COMMAND...: in the background; what it says goes to NAME.log, or its standard output to $out
start() {
  local name=$1
  shift
  (exec "$@" < /dev/null) 2>> "$work/$name.log" >> "${out:-$work/$name.log}" &
  pid[$name]=$!
  order+=("$name")
}

runs() { kill -0 "${pid[$1]}" 2>/dev/null; }

# kill -9
kill_hard() {
  kill -KILL "${pid[$1]}"
  wait "${pid[$1]}" 2>/dev/null || true
  unset "pid[$1]"
}

# until_true SECONDS WHAT COMMAND...: waits until the command succeeds
until_true() {
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < until)) || fail "$what did not happen in time"
    sleep 0.2
  done
}

said() { grep -qE -- "$2" "$work/$1.log"; }
said_or_ended() { said "$1" "$2" || ! runs "$1"; }

# until_said NAME PATTERN: waits until it has said so; it fails at once when the party ends before
until_said() {
  until_true "$patience" "$1: '$2'" said_or_ended "$1" "$2"
  said "$1" "$2" || fail "$1 ended before it said '$2'"
}

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'; }

# Stops what still runs, the last first: politely, then by force. Shows the end of each log when something went wrong.
stop_all() {
  local status=$? i name until
  trap - EXIT INT TERM
  ((status == 0)) || for name in "${order[@]}"; do
    [ -s "$work/$name.log" ] && { echo "--- $name"; tail -n 12 "$work/$name.log" | cut -c1-400; } >&2
  done
  for ((i = ${#order[@]} - 1; i >= 0; i--)); do
    name=${order[i]}
    [ -n "${pid[$name]:-}" ] || continue
    kill -TERM "${pid[$name]}" 2>/dev/null || true
    until=$((SECONDS + 15))
    while runs "$name" && ((SECONDS < until)); do sleep 0.05; done
    kill -KILL "${pid[$name]}" 2>/dev/null || true
    wait "${pid[$name]}" 2>/dev/null || true
  done
  rm -rf "$work"
  exit "$status"
}
