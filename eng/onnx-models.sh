#!/usr/bin/env bash
# Installs the packages that hold real models for tests (tests/onnx-models), when they are missing or have changed. Needs Node.js;
# git ignores where they go.
set -euo pipefail
cd "$(dirname "$0")/../tests/onnx-models"

stamp=node_modules/.installed
wanted=$(cat package.json package-lock.json | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$wanted" > "$stamp"
fi
