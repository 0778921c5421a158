#!/bin/sh
# Back to the version that ran before the last deploy.sh. Tables only ever gain, so an older alerter runs on a newer schema.
# Usage: rollback.sh    Environment: as deploy.sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
state=${DEPLOY_STATE:-$here/../../.deploy}
if ! previous=$(cat "$state/previous" 2>/dev/null); then
  echo "rollback.sh: no version before the current one is known in $state" >&2
  exit 1
fi
exec "$here/deploy.sh" "$previous"
