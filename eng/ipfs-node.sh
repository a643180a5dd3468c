#!/usr/bin/env bash
# Installs the packages of the IPFS node that tests and samples start (tests/ipfs-node), when they are missing or have changed.
# Needs Node.js; git ignores where they go.
set -euo pipefail
cd "$(dirname "$0")/../tests/ipfs-node"

stamp=node_modules/.installed
wanted=$(cat package.json package-lock.json | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  npm ci --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error
  echo "$wanted" > "$stamp"
fi
