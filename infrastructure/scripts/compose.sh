#!/bin/sh
# The stack's compose command from any folder, with the plugin or the older program: compose.sh up --detach
# Reads .env in the root of the repository (ENV_FILE names another). COMPOSE_OVERLAYS adds files beside compose.yaml, such as
# "compose.customer.yaml compose.secrets.yaml".
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
env_file=${ENV_FILE:-$root/.env}
if [ ! -r "$env_file" ]; then
  echo "compose.sh: expected the settings in $env_file; start with: cp .env.example .env" >&2
  exit 1
fi

for overlay in ${COMPOSE_OVERLAYS:-}; do set -- --file "$root/infrastructure/$overlay" "$@"; done
set -- --env-file "$env_file" --project-name "${COMPOSE_PROJECT_NAME:-nps}" --file "$root/infrastructure/compose.yaml" "$@"

if docker compose version >/dev/null 2>&1; then exec docker compose "$@"; fi
# The older program builds without BuildKit, unless told.
DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1 exec docker-compose "$@"
