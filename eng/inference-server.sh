#!/usr/bin/env bash
# Installs the packages of the OpenAI-compatible server that tests start (tests/inference-server), when they are missing or have
# changed. Needs Node.js; git ignores where they go.
set -euo pipefail
cd "$(dirname "$0")/../tests/inference-server"

stamp=node_modules/.installed
wanted=$(cat package.json package-lock.json | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  # The server names engines as peers that aren't used here, hence the legacy rule. What is optional are llama.cpp's builds for other
  # systems and graphics cards, 700 MB: the one that is used is named in package.json.
  npm ci --ignore-scripts --legacy-peer-deps --omit=optional --no-audit --no-fund --loglevel=error
  echo "$wanted" > "$stamp"
fi
