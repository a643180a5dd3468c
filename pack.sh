#!/usr/bin/env bash
# Makes the packages (libraries, plugins, templates, the three programs as dotnet tools), each with its symbols.
#
#   ./pack.sh [--output DIR]      default: artifacts/packages
#
# The same commit and SDK give the same bytes of every assembly: it builds from nothing, in a folder of its own below the
# repository (what lies elsewhere would leave its path in the symbols), so that a normal build is left alone. Analyzers are
# that build's part: they change no byte, and take a quarter of the time.
set -euo pipefail
cd "$(dirname "$0")"

output=artifacts/packages
while (($# > 0)); do
  case "$1" in
    --output) output=${2:?--output needs a folder}; shift 2 ;;
    *) echo "usage: ./pack.sh [--output DIR]" >&2; exit 2 ;;
  esac
done
mkdir -p "$output"
output=$(cd "$output" && pwd)
build=$PWD/artifacts/pack
rm -rf "$build"
trap 'rm -rf "$build"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

for target in PackPrograms PackLibraries; do
  dotnet msbuild eng/Packages.proj "-t:$target" -m -v:quiet -nologo \
    -p:Configuration=Release \
    -p:ContinuousIntegrationBuild=true \
    -p:RunAnalyzers=false \
    "-p:ArtifactsPath=$build/$target" \
    "-p:PackageOutputPath=$output"
done
ls -1 "$output"
