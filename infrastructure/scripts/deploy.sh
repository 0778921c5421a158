#!/bin/sh
# Rolls out a version: takes its images, starts them in order, waits until all is healthy, marks the release on the dashboard's
# charts. When it does not get healthy, the version before comes back and the exit code is 1.
# Usage: deploy.sh VERSION    Environment: REGISTRY (nps; images REGISTRY/alerter:VERSION …), DASHBOARD_TOKEN (to mark the release),
#   DASHBOARD_BASE (http://127.0.0.1:9000), HEALTH_TIMEOUT (seconds, 120), DEPLOY_STATE (folder of the two version files, .deploy)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
state=${DEPLOY_STATE:-$here/../../.deploy}
version=${1:-}
case "$version" in
  "" | *[!A-Za-z0-9._-]*)
    echo "deploy.sh: expected a version such as 1.4.2, got '${version}'" >&2
    exit 2
    ;;
esac

start() {
  ALERTER_IMAGE="${REGISTRY:-nps}/alerter:$1" DASHBOARD_IMAGE="${REGISTRY:-nps}/dashboard:$1" \
    "$here/compose.sh" up --detach --no-build postgres oracle alerter dashboard
}

wait_healthy() { HEALTH_TIMEOUT=${HEALTH_TIMEOUT:-120} "$here/health-check.sh"; }

mark() {
  if [ -z "${DASHBOARD_TOKEN:-}" ]; then
    echo "not marked on the charts: DASHBOARD_TOKEN is not set"
    return 0
  fi
  # The header from standard input: an argument would stand in the list of processes.
  printf 'header = "Authorization: Bearer %s"\n' "$DASHBOARD_TOKEN" |
    curl --config - --fail --silent --show-error --max-time 10 --output /dev/null \
      --header 'content-type: application/json' --data "{\"service\":\"$1\",\"version\":\"$2\"}" \
      "${DASHBOARD_BASE:-http://127.0.0.1:9000}/api/deploys" ||
    echo "deploy.sh: the release runs, but could not be marked on the charts" >&2
}

mkdir -p "$state"
previous=$(cat "$state/current" 2>/dev/null || true)
if start "$version" && wait_healthy; then
  if [ -n "$previous" ] && [ "$previous" != "$version" ]; then printf '%s\n' "$previous" >"$state/previous"; fi
  printf '%s\n' "$version" >"$state/current"
  mark "${DEPLOY_SERVICE:-oracle}" "$version"
  echo "$version is up and healthy"
  exit 0
fi

echo "deploy.sh: $version did not get healthy" >&2
if [ -n "$previous" ]; then
  echo "deploy.sh: going back to $previous" >&2
  start "$previous" && wait_healthy || echo "deploy.sh: $previous did not get healthy either; see the logs" >&2
fi
exit 1
