#!/usr/bin/env bash
# At a release: what PublicAPI.Unshipped.txt of each project lists moves to its PublicAPI.Shipped.txt, and stays for good.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

header='#nullable enable'
for unshipped in src/*/PublicAPI.Unshipped.txt plugins/*/PublicAPI.Unshipped.txt; do
  shipped=${unshipped/Unshipped/Shipped}
  if grep -q '^\*REMOVED\*' "$unshipped"; then
    echo "$unshipped takes away what was released: that is a break, to be settled first (docs/adr/0003)." >&2
    exit 1
  fi
  lines=$(cat "$shipped" "$unshipped" | grep -vxF "$header" | sort -u)
  printf '%s\n' "$header" "$lines" > "$shipped"
  echo "$header" > "$unshipped"
  echo "$(dirname "$shipped"): $(wc -l <<< "$lines") symbols shipped"
done
