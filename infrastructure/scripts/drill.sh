#!/bin/bash
# What the drills on a Docker engine share: a project of their own, figures with bounds, waiting. To be sourced. Afterwards: $root and
# $here, the repository and its scripts; $work, a folder that goes at the end; $failed, 1 as soon as something did not hold; $password
# and $token, made here so that none stands in a file of the repository; $ENV_FILE for compose.sh, without a cooldown: a drill breaks
# the same service again within minutes.
# shellcheck disable=SC2317,SC2034 # functions are called through holds, wait_for and trap; variables by the drill
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
if ! docker version >/dev/null 2>&1; then
  echo "SKIPPED: no Docker engine answers: images, compose and the failure drills are NOT checked" >&2
  exit 3
fi

work=$(mktemp -d)
failed=0
project=nps-test-$$
password=$(head -c 18 /dev/urandom | base64 | tr -dc 'A-Za-z0-9')
token=$(head -c 24 /dev/urandom | base64 | tr -dc 'A-Za-z0-9')
# What the caller's shell may hold goes before the file.
unset COMPOSE_OVERLAYS DASHBOARD_TOKEN POSTGRES_PASSWORD
export ENV_FILE=$work/env COMPOSE_PROJECT_NAME=$project DEPLOY_STATE=$work/deploy
grep -v '^\(POSTGRES_PASSWORD\|DASHBOARD_TOKEN\|ORACLE_FAULTS\|ALERT_COOLDOWN\)=' "$root/.env.example" >"$ENV_FILE"
printf 'POSTGRES_PASSWORD=%s\nDASHBOARD_TOKEN=%s\nORACLE_FAULTS=on\nALERT_COOLDOWN=0\n' "$password" "$token" >>"$ENV_FILE"

# By their labels: whatever files and overlays they were made from.
cleanup() {
  docker ps --all --quiet --filter "label=com.docker.compose.project=$project" | xargs --no-run-if-empty docker rm --force --volumes >/dev/null 2>&1 || true
  docker ps --all --quiet --filter "label=nps-test=$project" | xargs --no-run-if-empty docker rm --force >/dev/null 2>&1 || true
  docker volume ls --quiet --filter "label=com.docker.compose.project=$project" | xargs --no-run-if-empty docker volume rm >/dev/null 2>&1 || true
  docker network ls --quiet --filter "label=com.docker.compose.project=$project" | xargs --no-run-if-empty docker network rm >/dev/null 2>&1 || true
  docker network rm "$project-alone" >/dev/null 2>&1 || true
  docker images --quiet --filter "label=nps-test=$project" | sort -u | xargs --no-run-if-empty docker rmi --force >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

# figure WHAT VALUE UNIT [MOST]: a line of the table, and a failure when the value is over the most.
figure() {
  local verdict=''
  if [ $# -ge 4 ]; then
    verdict="(≤ $4)"
    awk "BEGIN { exit !($2 <= $4) }" || { verdict="FAILED (≤ $4)" && failed=1; }
  fi
  printf '%-58s %10s %-4s %s\n' "$1" "$2" "$3" "$verdict"
}

# holds WHAT COMMAND...: a line that is true or a failure; of a failure, what the command said last.
holds() {
  local what=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    printf '%-58s %10s\n' "$what" yes
  else
    printf '%-58s %10s\n' "$what" FAILED && failed=1
    tail -n 5 "$work/said" | sed 's/^/    /'
  fi
}

now() { date +%s.%N; }
since() { awk "BEGIN { printf \"%.1f\", $(now) - $1 }"; }

# wait_for SECONDS COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

# image_of SERVICE: as compose reads it.
image_of() { "$here/compose.sh" --profile monitoring --profile logs config | awk -v name="  $1:" '$0 == name { on = 1 } on && $1 == "image:" { print $2; exit }'; }
# has_images IMAGE...: each is here or can be had; with NO_PULL=1, is here.
has_images() {
  for image in "$@"; do
    docker image inspect "$image" >/dev/null 2>&1 && continue
    [ "${NO_PULL:-}" != 1 ] && docker pull --quiet "$image" >/dev/null 2>&1 || return 1
  done
}
# run_commands PAGE KIND [FOLDER]: each command of its blocks marked so, from the root of the repository or from that folder.
run_commands() {
  awk -v kind="\`\`\`$2" '$0 == kind { on = 1; next } /^```$/ { on = 0 } on' "$root/$1" |
    sed -e ':join' -e '/\\$/ { N' -e 's/\\\n *//' -e 'b join' -e '}' >"$work/commands"
  while IFS= read -r command; do
    holds "${command:0:57}" bash -euo pipefail -c "cd '${3:-$root}' && $command" </dev/null
  done <"$work/commands"
}
container() { docker ps --all --quiet --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1"; }
is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$(container "$1")")" = healthy ]; }
is_unhealthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$(container "$1")")" = unhealthy ]; }
# all_healthy [SERVICE...]: default the stack of compose.yaml.
all_healthy() { for service in "${@:-postgres oracle alerter dashboard}"; do for name in $service; do is_healthy "$name" || return 1; done; done; }
# How often a container's log has a line like that, and whether it has one more than before.
times_said() { docker logs "$(container "$1")" 2>&1 | grep -c "$2" || true; }
said_again() { [ "$(times_said "$1" "$2")" -gt "$3" ]; }
