#!/bin/sh
# One CycloneDX file a package and app: what its production dependencies are, by what is installed. Usage: sbom.sh [FOLDER], default ./sbom
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "${1:-sbom}"
folder=$(cd "${1:-sbom}" && pwd)
cd "$root"
# One by one: asked for several at once, pnpm names what two have in common under the first alone.
for project in packages/* apps/*; do
  npx --prefer-offline --yes pnpm@10.34.9 --filter "./$project" list --prod --json --depth Infinity |
    node infrastructure/scripts/sbom.mjs "$folder"
done
