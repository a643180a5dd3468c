#!/usr/bin/env bash
# Writes PublicAPI.Unshipped.txt of each project in src/ and plugins/ anew: all that is public and not yet in
# PublicAPI.Shipped.txt. Run it after a change of the public API and read the difference before it is committed.
#
#   eng/public-api.sh                                     all projects
#   eng/public-api.sh src/X/X.csproj plugins/Y/Y.csproj   these only; what they depend on has to be built
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

header='#nullable enable'
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

projects=("$@")
if ((${#projects[@]} == 0)); then
  # Those that others depend on come first, since each is built without its dependencies.
  projects=(src/SwarmPool.{Abstractions/SwarmPool.Abstractions,Protocol/SwarmPool.Protocol,Core/SwarmPool.Core,Runtime/SwarmPool.Runtime}.csproj)
  folders=(src)
  [[ ! -d plugins ]] || folders+=(plugins)
  while IFS= read -r project; do
    [[ " ${projects[*]} " == *" $project "* ]] || projects+=("$project")
  done < <(find "${folders[@]}" -mindepth 2 -maxdepth 2 -name '*.csproj' | sort)
fi

for project in "${projects[@]}"; do
  folder=$(dirname "$project")
  name=$(basename "$project" .csproj)
  [[ -f "$folder/PublicAPI.Shipped.txt" ]] || echo "$header" > "$folder/PublicAPI.Shipped.txt"
  echo "$header" > "$folder/PublicAPI.Unshipped.txt"

  # The analyzer reports each public symbol that is in neither file (RS0016); the log has the line that it wants there.
  if ! { dotnet restore "$project" -v quiet && dotnet build "$project" -c Release -v quiet -nologo --no-restore --no-dependencies \
    --no-incremental -p:TreatWarningsAsErrors=false "-p:ErrorLog=$logs/$name.sarif%2cversion=2.1"; } > "$logs/$name.txt" 2>&1; then
    grep -E 'error' "$logs/$name.txt" | sort -u >&2
    echo "$project does not build; its PublicAPI.Unshipped.txt is empty now" >&2
    exit 1
  fi

  awk '/"ruleId":/ { wanted = /"RS0016"/ } wanted && /"APIName":/' "$logs/$name.sarif" \
    | sed -E 's/^ *"APIName": "(.*)",?$/\1/; s/\\"/"/g; s/\\\\/\\/g' \
    | sort -u >> "$folder/PublicAPI.Unshipped.txt"
  echo "$name: $(($(wc -l < "$folder/PublicAPI.Unshipped.txt") - 1)) public symbols not yet shipped"
done
