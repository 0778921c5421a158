#!/bin/bash
# Runs what stands over compose.yaml on whatever Docker engine is there: the customer's own stack in its order (stand-ins answer in the
# places of their images), secrets from files, and the commands of infrastructure/README.md from a copy without a .env.
# Prints a table; exit code 1 when something does not hold. Needs the images nps/*:local (test-images.sh builds them).
# shellcheck disable=SC2317 # functions are called through holds and wait_for
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/drill.sh"

stop_all() { holds 'compose down' "$here/compose.sh" down --volumes --timeout 10; }
started_at() { docker inspect --format '{{.State.StartedAt}}' "$(container "$1")"; }
# in_order SERVICE...: each was started after the one before.
in_order() {
  local before='' at
  for service in "$@"; do
    at=$(started_at "$service")
    [[ "$before" < "$at" ]] || return 1
    before=$at
  done
}

echo "the customer's own stack: compose.customer.yaml"
for role in oracle scanner api web-ui; do
  docker build --quiet --label "nps-test=$project" --tag "$project/$role:local" --file - "$root/infrastructure/docker" >/dev/null <<DOCKERFILE
FROM nps/reference-oracle:local
COPY stand-in.mjs /app/stand-in.mjs
CMD ["node", "stand-in.mjs", "$role"]
DOCKERFILE
done
export COMPOSE_OVERLAYS=compose.customer.yaml
export SCANNER_IMAGE=$project/scanner:local API_IMAGE=$project/api:local WEB_UI_IMAGE=$project/web-ui:local
# First an Oracle with our sidecar on :9090, then one as it is today, on :8052.
export ORACLE_IMAGE=nps/reference-oracle:local
stack=(postgres oracle scanner api web-ui alerter dashboard)
started=$(now)
holds 'compose up' "$here/compose.sh" up --detach --no-build
holds 'all healthy' wait_for 150 all_healthy "${stack[@]}"
figure 'compose up to all healthy' "$(since "$started")" s 150
holds 'order: postgres, oracle, api, web-ui' in_order postgres oracle api web-ui
holds 'order: postgres, scanner, api' in_order postgres scanner api
holds 'oracle answers on :9090, by its probe' docker exec "$(container oracle)" sh /usr/local/bin/nps-probe http://127.0.0.1:9090/health
holds 'scanner speaks gRPC on :50051' docker exec "$(container scanner)" sh /usr/local/bin/nps-probe grpc://127.0.0.1:50051
holds 'api answers on /api/health' docker exec "$(container api)" sh /usr/local/bin/nps-probe http://127.0.0.1:8000/api/health
holds 'postgres: pg_isready' docker exec "$(container postgres)" pg_isready --host 127.0.0.1
holds 'a probe of what does not answer fails' sh -c "! docker exec $(container api) sh /usr/local/bin/nps-probe http://127.0.0.1:8000/other"
state_of() { curl --fail --silent --max-time 5 "http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/status" | jq --raw-output --arg name "$1" '.services[$name].status'; }
all_watched() { for target in postgres oracle scanner api web-ui; do [ "$(state_of "$target")" = healthy ] || return 1; done; }
holds 'the alerter watches all five' wait_for 40 all_watched

echo 'each of theirs fails in turn'
for service in 'scanner Scanner' 'api API' 'web-ui Web UI' 'oracle Oracle'; do
  name=${service%% *} shown=${service#* }
  downs=$(times_said alerter "$shown service is DOWN") recoveries=$(times_said alerter "$shown service recovered")
  started=$(now)
  docker stop --time 10 "$(container "$name")" >/dev/null
  figure "$name: stop" "$(since "$started")" s 10
  holds "$name away: told" wait_for 40 said_again alerter "$shown service is DOWN" "$downs"
  figure "$name stopped to the notice" "$(since "$started")" s 40
  docker start "$(container "$name")" >/dev/null
  holds "$name back: told" wait_for 90 said_again alerter "$shown service recovered" "$recoveries"
done

export ORACLE_IMAGE=$project/oracle:local
"$here/compose.sh" up --detach --no-build --no-deps oracle >/dev/null 2>&1
holds 'an Oracle that answers on :8052 alone is healthy' wait_for 60 is_healthy oracle
docker pause "$(container oracle)" >/dev/null
holds 'and unhealthy when it hangs' wait_for 90 is_unhealthy oracle
docker unpause "$(container oracle)" >/dev/null
stop_all
unset ORACLE_IMAGE SCANNER_IMAGE API_IMAGE WEB_UI_IMAGE

echo 'secrets from files: compose.secrets.yaml'
export COMPOSE_OVERLAYS=compose.secrets.yaml NPS_SECRETS=$work/secrets DASHBOARD_ALLOW_ANONYMOUS=off
mkdir -p "$NPS_SECRETS"
printf '%s\n' "$password" >"$NPS_SECRETS/postgres_password"
printf 'postgres://nps:%s@postgres:5432/nps\n' "$password" >"$NPS_SECRETS/database_url"
printf '%s\n' "$token" >"$NPS_SECRETS/dashboard_token"
printf '%s%s\n' "$token" "$token" >"$NPS_SECRETS/ack_link_secret"
: >"$NPS_SECRETS/anthropic_api_key"
: >"$NPS_SECRETS/nps_bot_token"
chmod 0755 "$work" "$NPS_SECRETS" && chmod 0644 "$NPS_SECRETS"/*
sed -i 's/^POSTGRES_PASSWORD=.*/POSTGRES_PASSWORD=any/; s/^DASHBOARD_TOKEN=.*/DASHBOARD_TOKEN=/' "$ENV_FILE"
holds 'compose up' "$here/compose.sh" up --detach --no-build
holds 'all healthy' wait_for 90 all_healthy
# Not in an argument, where the list of processes would show them.
printf '%s\n%s\n' "$password" "$token" >"$work/values"
shows_none() { for service in postgres oracle alerter dashboard; do ! docker inspect "$(container "$service")" | grep --quiet --file "$work/values" || return 1; done; }
holds 'docker inspect shows no secret' shows_none
answers() { [ "$(printf 'header = "Authorization: Bearer %s"\n' "$1" | curl --config - --silent --max-time 5 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/status")" = "$2" ]; }
holds 'the token in the file signs in' answers "$token" 200
holds 'no other does' answers "${token}x" 401
stop_all

echo 'the commands of infrastructure/README.md'
unset COMPOSE_OVERLAYS NPS_SECRETS DASHBOARD_ALLOW_ANONYMOUS ENV_FILE
copy=$work/copy
mkdir "$copy"
git -C "$root" ls-files -z | tar -C "$root" --null --files-from - --ignore-failed-read --create | tar -C "$copy" --extract
export POSTGRES_PASSWORD=$password # what the reader puts into .env
run_commands infrastructure/README.md sh "$copy"
export ENV_FILE=$copy/.env
stop_all

[ "$failed" = 0 ] && echo 'all held' || echo 'FAILED'
exit "$failed"
