#!/bin/bash
# Builds the images and runs the stack on whatever Docker engine is there: sizes, user, read-only root, start and stop times,
# secrets from files, `compose up` to all-healthy, the failure of each service in turn and its recovery, a deploy, a rollback, a
# restore; then test-profiles.sh and test-overlays.sh. Prints a table of figures; exit code 1 when one of them is out of its bound.
# Environment: SKIP_BUILD=1 takes the images nps/*:local as they are; BUILD_OPTIONS goes to `docker build`; *_IMAGE and ports as in .env
# shellcheck disable=SC2016,SC2317 # filled in inside of containers; functions are called through holds and wait_for
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/drill.sh"
runs_anew() { [ "$(docker inspect --format '{{.RestartCount}}' "$(container "$1")")" -gt "$2" ] && is_healthy "$1"; }

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

# A build fetches its base for itself alone.
has_images "${NODE_IMAGE:-node:22-bookworm-slim}"
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
  # The process itself dies, as by a crash: the engine must bring it back. (`docker kill` would count as wanted.) By a container that
  # sees the engine's processes: also for an engine in a machine of its own, and for who is not root.
  pid=$(docker inspect --format '{{.State.Pid}}' "$(container "$service")")
  docker run --rm --pid host --user 0 --entrypoint sh nps/alerter:local -c "kill -9 $pid"
  if wait_for 60 runs_anew "$service" "$restarts"; then figure "$service: killed, back to healthy" "$(since "$started")" s 60; else figure "$service: killed, back to healthy" 99 s 60; fi
done
wait_for 60 all_healthy || failed=1
holds 'all healthy after every failure' all_healthy

echo 'each service stays away for a while'
downs=$(times_said alerter 'PostgreSQL.*DOWN')
docker stop --time 5 "$(container postgres)" >/dev/null
holds 'postgres away: alerter goes on and tells' wait_for 60 said_again alerter 'PostgreSQL.*DOWN' "$downs"
holds 'postgres away: the dashboard answers' sh -c "curl --fail --silent --max-time 5 http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/status >/dev/null"
docker start "$(container postgres)" >/dev/null
holds 'postgres back: all healthy' wait_for 60 all_healthy
downs=$(times_said alerter 'Oracle service is DOWN') recoveries=$(times_said alerter 'Oracle service recovered')
started=$(now)
docker stop --time 10 "$(container oracle)" >/dev/null
holds 'oracle away: told' wait_for 40 said_again alerter 'Oracle service is DOWN' "$downs"
figure 'oracle stopped to the notice in the log' "$(since "$started")" s 30
docker start "$(container oracle)" >/dev/null
holds 'oracle back: told' wait_for 60 said_again alerter 'Oracle service recovered' "$recoveries"
docker stop --time 10 "$(container alerter)" >/dev/null
holds 'alerter away: the dashboard answers' sh -c "curl --fail --silent --max-time 5 http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/status >/dev/null"
docker start "$(container alerter)" >/dev/null
holds 'alerter back: all healthy' wait_for 60 all_healthy

echo 'secrets from files'
docker network create "$project-alone" >/dev/null
mkdir -p "$work/secrets"
printf '%s\n' "$token" >"$work/secrets/dashboard_token"
chmod 0755 "$work" "$work/secrets" && chmod 0644 "$work/secrets/dashboard_token"
id=$(docker run --detach --label "nps-test=$project" --network "$project-alone" --read-only --tmpfs /tmp --tmpfs /app/logs:uid=1000 \
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
# The same by DATABASE_URL, with the programs of PostgreSQL's own image, into a database of another name.
mkdir "$work/elsewhere"
in_client() {
  printf 'DATABASE_URL=postgres://nps:%s@postgres/%s\n' "$password" "$1" >"$work/client"
  shift
  docker run --rm --label "nps-test=$project" --network nps-network --env-file "$work/client" --volume "$work/elsewhere:/saved" \
    --volume "$root/infrastructure:/infrastructure:ro" --entrypoint sh "$(docker inspect --format '{{.Config.Image}}' "$(container postgres)")" "$@"
}
holds 'backup by DATABASE_URL' in_client nps /infrastructure/scripts/backup.sh /saved
in_client nps -c 'psql "$DATABASE_URL" --quiet --command "create database rehearsal"' >/dev/null
holds 'restore into another database' in_client rehearsal -c 'exec sh /infrastructure/scripts/restore.sh /saved/nps-*.dump --yes'
holds 'which then holds the same' test "$(in_client rehearsal -c 'psql "$DATABASE_URL" -Atc "select count(*) from schema_migrations"')" = "$before"

echo 'the commands of docs/operations.md that need containers'
run_commands docs/operations.md 'sh compose'
holds 'all healthy after them' wait_for 60 all_healthy

# Their stacks take the same ports.
cleanup
for part in test-profiles test-overlays; do "$here/$part.sh" || failed=1; done
[ "$failed" = 0 ] && echo 'all held' || echo 'FAILED'
exit "$failed"
