#!/bin/bash
# Packs every package, installs each tarball alone in an empty folder, and imports every entry as ESM and as CommonJS.
# Usage: test-tarballs.sh [NODE_VERSION...]    default: the Node that runs; other versions come from npm (node@VERSION)
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pnpm() { npx --prefer-offline --yes pnpm@10.34.9 "$@"; }
versions=("$@")
[ ${#versions[@]} -gt 0 ] || versions=("$(node -p 'process.versions.node')")

cd "$root"
pnpm --filter "./packages/*" run build >/dev/null
failed=0
for folder in packages/*/; do
  name=$(basename "$folder")
  mkdir -p "$work/$name"
  (cd "$folder" && pnpm pack --pack-destination "$work" >/dev/null)
  (
    cd "$work/$name"
    echo '{"private":true}' >package.json
    # With the peers it names as optional, so that every entry can be imported.
    mapfile -t peers < <(node -p "Object.entries(require('$root/$folder/package.json').peerDependencies ?? {}).map(([n, r]) => n + '@' + r).join('\n')" | sed '/^$/d')
    npm install --no-save --no-fund --no-audit --silent "$work"/nps-"$name"-*.tgz "${peers[@]}"
  )
  for version in "${versions[@]}"; do
    run=(node)
    [ "$(node -p 'process.versions.node')" = "$version" ] || run=(npx --prefer-offline --yes -p "node@$version" node)
    if (cd "$work/$name" && "${run[@]}" "$root/infrastructure/scripts/import-every-entry.mjs" "@nps/$name" "$work/$name"); then
      echo "ok      @nps/$name on Node $version"
    else
      echo "FAILED  @nps/$name on Node $version"
      failed=1
    fi
  done
done
exit "$failed"
