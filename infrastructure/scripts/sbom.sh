#!/bin/sh
# One CycloneDX file a package and app: what its production dependencies are, by what is installed. Usage: sbom.sh [FOLDER], default ./sbom
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "${1:-sbom}"
folder=$(cd "${1:-sbom}" && pwd)
cd "$root"
npx --prefer-offline --yes pnpm@10.34.9 --filter "./packages/*" --filter "./apps/*" list --prod --json --depth Infinity |
  node infrastructure/scripts/sbom.mjs "$folder"
