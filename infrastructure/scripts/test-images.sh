#!/bin/bash
# Builds the images and runs the stack on whatever Docker engine is there: sizes, user, read-only root, start and stop times,
# secrets from files, `compose up` to all-healthy, the failure of each service in turn and its recovery, a deploy, a rollback, a
# restore. Prints a table of figures; exit code 1 when one of them is out of its bound.
# Environment: SKIP_BUILD=1 takes the images nps/*:local as they are; BUILD_OPTIONS goes to `docker build`; *_IMAGE and ports as in .env
# shellcheck disable=SC2317 # functions are called through holds, wait_for and trap
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/infrastructure/scripts
if ! docker version >/dev/null 2>&1; then
  echo "SKIPPED: no Docker engine answers: images, compose and the failure drills are NOT checked" >&2
  exit 3
fi

work=$(mktemp -d)
failed=0
project=nps-test-$$
network=$project-alone
export ENV_FILE=$work/env COMPOSE_PROJECT_NAME=$project DEPLOY_STATE=$work/deploy

cleanup() {
  "$here/compose.sh" --profile monitoring down --volumes --timeout 5 >/dev/null 2>&1 || true
  docker ps --all --quiet --filter "label=nps-test=$project" | xargs --no-run-if-empty docker rm --force >/dev/null 2>&1 || true
  docker network rm "$network" >/dev/null 2>&1 || true
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

# holds WHAT COMMAND...: a line that is true or a failure.
holds() {
  local what=$1
  shift
  if "$@" >/dev/null 2>&1; then printf '%-58s %10s\n' "$what" yes; else printf '%-58s %10s\n' "$what" 'FAILED' && failed=1; fi
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

container() { docker ps --all --quiet --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1"; }
is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$(container "$1")")" = healthy ]; }
all_healthy() { for service in postgres oracle alerter dashboard; do is_healthy "$service" || return 1; done; }
runs_anew() { [ "$(docker inspect --format '{{.RestartCount}}' "$(container "$1")")" -gt "$2" ] && is_healthy "$1"; }
logs_say() { docker logs "$(container "$1")" 2>&1 | grep -q "$2"; }

echo "engine $(docker version --format '{{.Server.Version}}'), $(nproc) processors"

if [ "${SKIP_BUILD:-}" != 1 ]; then
  started=$(now)
  for image in alerter dashboard reference-oracle; do
    # shellcheck disable=SC2086 # words on purpose
    DOCKER_BUILDKIT=1 docker build ${BUILD_OPTIONS:-} --quiet --file "$root/infrastructure/docker/Dockerfile" --target "$image" \
      --build-arg "REVISION=$(git -C "$root" rev-parse --short HEAD)" --tag "nps/$image:local" "$root" >/dev/null
  done
  figure 'build of the three images' "$(since "$started")" s
fi

base=$(docker image inspect --format '{{.Size}}' "${NODE_IMAGE:-node:22-bookworm-slim}")
for image in alerter dashboard reference-oracle; do
  size=$(docker image inspect --format '{{.Size}}' "nps/$image:local")
  figure "$image: size" "$((size / 1000000))" MB 500
  figure "$image: over its base" "$(((size - base) / 1000000))" MB 200
  holds "$image: runs as uid 1000" test "$(docker run --rm --entrypoint id "nps/$image:local" -u)" = 1000
  holds "$image: needs no writable root" sh -c "! docker run --rm --read-only --tmpfs /tmp --entrypoint touch nps/$image:local /app/x"
  holds "$image: has labels, a check and its stop signal" sh -c \
    "docker image inspect nps/$image:local | grep -q org.opencontainers.image.revision && docker image inspect nps/$image:local | grep -q healthcheck.mjs && docker image inspect nps/$image:local | grep -q SIGTERM"
  holds "$image: holds no source, no test, no build tool" sh -c \
    "! docker run --rm --entrypoint sh nps/$image:local -c 'find /app -path /app/node_modules -prune -o -name \"*.ts\" -print; ls /app/node_modules/.pnpm' | grep -E '\.ts$|^(jest|vite|typescript|react)@'"
done

# Passwords are made here, so that none stands in a file of the repository.
password=$(head -c 18 /dev/urandom | base64 | tr -dc 'A-Za-z0-9')
token=$(head -c 24 /dev/urandom | base64 | tr -dc 'A-Za-z0-9')
grep -v '^\(POSTGRES_PASSWORD\|DASHBOARD_TOKEN\|ORACLE_FAULTS\)=' "$root/.env.example" >"$ENV_FILE"
printf 'POSTGRES_PASSWORD=%s\nDASHBOARD_TOKEN=%s\nORACLE_FAULTS=on\n' "$password" "$token" >>"$ENV_FILE"

started=$(now)
"$here/compose.sh" up --detach --no-build >"$work/up.log" 2>&1 || { cat "$work/up.log" && exit 1; }
wait_for 90 all_healthy || failed=1
figure 'compose up to all healthy' "$(since "$started")" s 90
"$here/health-check.sh" || failed=1

for service in oracle alerter dashboard; do
  id=$(container "$service")
  holds "$service: as uid 1000 in the stack" test "$(docker exec "$id" id -u)" = 1000
  holds "$service: root file system refuses writes" sh -c "! docker exec $id touch /app/x"
  holds "$service: no capability, no new privileges" sh -c \
    "docker exec $id sh -c 'grep -q \"CapEff:.*0000000000000000\" /proc/1/status && grep -q \"NoNewPrivs:.*1\" /proc/1/status'"
  figure "$service: memory limit" "$(($(docker inspect --format '{{.HostConfig.Memory}}' "$id") / 1048576))" MiB 1024
  figure "$service: memory used" "$(docker stats --no-stream --format '{{.MemUsage}}' "$id" | sed 's/MiB.*//')" MiB 500
done

for service in oracle alerter dashboard; do
  started=$(now)
  docker stop --time 10 "$(container "$service")" >/dev/null
  figure "$service: stop" "$(since "$started")" s 10
  holds "$service: stopped in order, not killed" test "$(docker inspect --format '{{.State.ExitCode}}' "$(container "$service")")" = 0
  started=$(now)
  docker start "$(container "$service")" >/dev/null
  wait_for 60 is_healthy "$service" || failed=1
  figure "$service: start to healthy" "$(since "$started")" s 30
done

echo 'each service fails in turn'
for service in oracle alerter dashboard postgres; do
  restarts=$(docker inspect --format '{{.RestartCount}}' "$(container "$service")")
  started=$(now)
  # The process itself dies, as by a crash: the engine must bring it back. (`docker kill` would count as wanted.)
  pid=$(docker inspect --format '{{.State.Pid}}' "$(container "$service")")
  kill -9 "$pid" 2>/dev/null || docker exec "$(container "$service")" sh -c 'kill -9 1' || true
  if wait_for 60 runs_anew "$service" "$restarts"; then figure "$service: killed, back to healthy" "$(since "$started")" s 60; else figure "$service: killed, back to healthy" 99 s 60; fi
done
wait_for 60 all_healthy || failed=1
holds 'all healthy after every failure' all_healthy

echo 'each service stays away for a while'
docker stop --time 5 "$(container postgres)" >/dev/null
holds 'postgres away: alerter goes on and tells' wait_for 60 logs_say alerter 'PostgreSQL.*DOWN'
holds 'postgres away: the dashboard answers' sh -c "curl --fail --silent --max-time 5 http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/status >/dev/null"
docker start "$(container postgres)" >/dev/null
holds 'postgres back: all healthy' wait_for 60 all_healthy
started=$(now)
docker stop --time 10 "$(container oracle)" >/dev/null
holds 'oracle away: told' wait_for 40 logs_say alerter 'Oracle service is DOWN'
figure 'oracle stopped to the notice in the log' "$(since "$started")" s 40
docker start "$(container oracle)" >/dev/null
holds 'oracle back: told' wait_for 60 logs_say alerter 'Oracle service recovered'
docker stop --time 10 "$(container alerter)" >/dev/null
holds 'alerter away: the dashboard answers' sh -c "curl --fail --silent --max-time 5 http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/status >/dev/null"
docker start "$(container alerter)" >/dev/null
holds 'alerter back: all healthy' wait_for 60 all_healthy

echo 'secrets from files'
docker network create "$network" >/dev/null
mkdir -p "$work/secrets"
printf '%s\n' "$token" >"$work/secrets/dashboard_token"
chmod 0755 "$work" "$work/secrets" && chmod 0644 "$work/secrets/dashboard_token"
id=$(docker run --detach --label "nps-test=$project" --network "$network" --read-only --tmpfs /tmp --tmpfs /app/logs:uid=1000 \
  --env DASHBOARD_TOKEN_FILE=/run/secrets/dashboard_token --volume "$work/secrets:/run/secrets:ro" nps/dashboard:local)
signs_in() { docker exec "$id" node -e "fetch('http://127.0.0.1:9000/api/status', { headers: { authorization: 'Bearer $1' } }).then((r) => process.exit(r.status === $2 ? 0 : 1))"; }
holds 'dashboard: takes its token from a file' wait_for 30 signs_in "$token" 200
holds 'dashboard: refuses another token' signs_in "${token}x" 401
docker rm --force "$id" >/dev/null

echo 'deploy, roll back, save and restore'
for image in alerter dashboard; do for version in 1.0.0 1.0.1; do docker tag "nps/$image:local" "nps/$image:$version"; done; done
export DASHBOARD_TOKEN=$token
holds 'deploy 1.0.0' "$here/deploy.sh" 1.0.0
holds 'deploy 1.0.1' "$here/deploy.sh" 1.0.1
holds 'the release is marked' sh -c "curl --fail --silent 'http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/deploys?service=oracle' | grep -q 1.0.1"
holds 'a version that does not exist is refused' sh -c "! HEALTH_TIMEOUT=20 '$here/deploy.sh' 9.9.9"
holds 'all healthy after the refused one' wait_for 60 all_healthy
holds 'roll back' "$here/rollback.sh"
holds 'the version before runs' test "$(docker inspect --format '{{.Config.Image}}' "$(container alerter)")" = nps/alerter:1.0.0
counted() { "$here/compose.sh" exec -T postgres psql --host 127.0.0.1 --username nps --dbname "postgres://nps:$password@127.0.0.1/nps" --tuples-only --no-align --command 'select count(*) from schema_migrations' | tr -d '\r'; }
before=$(counted)
holds 'backup' "$here/backup.sh" "$work/backups"
"$here/compose.sh" stop alerter dashboard >/dev/null 2>&1
"$here/compose.sh" exec -T postgres psql --dbname "postgres://nps:$password@127.0.0.1/nps" --quiet --command 'drop table schema_migrations cascade' >/dev/null
holds 'restore' "$here/restore.sh" "$work"/backups/nps-*.dump --yes
holds 'what was lost is back' test "$(counted)" = "$before"
"$here/compose.sh" start alerter dashboard >/dev/null 2>&1
holds 'all healthy on the restored database' wait_for 60 all_healthy

echo 'the commands of docs/operations.md that need containers'
awk '/^```sh compose$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/docs/operations.md" >"$work/commands"
while IFS= read -r command; do
  holds "${command:0:57}" bash -euo pipefail -c "cd '$root' && $command" </dev/null
done <"$work/commands"
holds 'all healthy after them' wait_for 60 all_healthy

if docker image inspect "${PROMETHEUS_IMAGE:-prom/prometheus:v3.5.0}" "${ALERTMANAGER_IMAGE:-prom/alertmanager:v0.28.1}" >/dev/null 2>&1; then
  echo 'Prometheus and Alertmanager'
  "$here/compose.sh" --profile monitoring up --detach --no-build prometheus alertmanager >/dev/null 2>&1
  holds 'Prometheus healthy' wait_for 60 is_healthy prometheus
  holds 'Alertmanager healthy' wait_for 60 is_healthy alertmanager
  holds 'a load on the Oracle' docker run --detach --label "nps-test=$project" --network nps-network --read-only --tmpfs /tmp \
    --env ORACLE_API_URL=http://oracle-service:8000 --env LOAD_PER_MINUTE=600 --no-healthcheck nps/reference-oracle:local node dist/load.js
  switch_fault() { curl --fail --silent --request POST --header 'content-type: application/json' --data "$1" "http://127.0.0.1:${ORACLE_HTTP_PORT:-9090}/faults"; }
  firing() { curl --fail --silent "http://127.0.0.1:${ALERTMANAGER_PORT:-9093}/api/v2/alerts" | grep -q "\"$1\""; }
  silent() { ! curl --fail --silent "http://127.0.0.1:${ALERTMANAGER_PORT:-9093}/api/v2/alerts" | grep -q '"alertname":"Nps'; }
  sleep 30 # of good service, so that what follows is a change
  holds 'no alert while all is well' silent
  started=$(now)
  holds 'fault errors' switch_fault '{"fault":"errors","ratio":0.5}'
  holds 'NpsErrorRate reaches Alertmanager' wait_for 120 firing NpsErrorRate
  figure 'half of the operations fail to the alert' "$(since "$started")" s 120
  started=$(now)
  holds 'fault slow' switch_fault '{"fault":"slow","delay_ms":12000}'
  holds 'NpsSlowReading reaches Alertmanager' wait_for 240 firing NpsSlowReading
  figure 'readings of 12 s to the alert (a percentile of 5 min)' "$(since "$started")" s 240
  started=$(now)
  holds 'fault down' switch_fault '{"fault":"down"}'
  holds 'NpsServiceDown reaches Alertmanager' wait_for 60 firing 'dependency":"service'
  figure 'a service that says it is down to the alert' "$(since "$started")" s 60
  switch_fault '{"fault":"none"}' >/dev/null
  gone() { ! firing NpsServiceDown; }
  holds 'its end reaches Alertmanager' wait_for 90 gone
  started=$(now)
  docker stop --time 10 "$(container oracle)" >/dev/null
  holds 'NpsServiceDown reaches Alertmanager' wait_for 60 firing NpsServiceDown
  figure 'oracle stopped to the alert in Alertmanager' "$(since "$started")" s 60
  docker start "$(container oracle)" >/dev/null
else
  echo 'SKIPPED: the images of Prometheus and Alertmanager are not here: --profile monitoring is NOT checked' >&2
fi

[ "$failed" = 0 ] && echo 'all held' || echo 'FAILED'
exit "$failed"
