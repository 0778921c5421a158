#!/bin/bash
# Runs the profiles beside the stack on whatever Docker engine is there: Prometheus and Alertmanager see each fault of the Oracle,
# Grafana serves our dashboard, Filebeat brings the log lines into Elasticsearch and Kibana takes the searches.
# Prints a table of figures; exit code 1 when something does not hold. What has no image here is skipped, loudly.
# Environment: NO_PULL=1 takes only images that are here. Needs the images nps/*:local (test-images.sh builds them).
# shellcheck disable=SC2317 # functions are called through holds and wait_for
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/drill.sh"
export GRAFANA_PASSWORD=$token

# profile_up NAME SERVICE...: false, and said, when an image of it is missing.
profile_up() {
  local profile=$1 images=()
  shift
  for service in "$@"; do images+=("$(image_of "$service")"); done
  if ! has_images "${images[@]}"; then
    echo "SKIPPED: not all of ${images[*]} are here: $* NOT checked" >&2
    return 1
  fi
  holds "$*: compose up" "$here/compose.sh" --profile "$profile" up --detach --no-build "$@"
  for service in "$@"; do holds "$service healthy" wait_for 240 is_healthy "$service"; done
}
get() { curl --fail --silent --show-error --max-time 10 "$@"; }

holds 'compose up' "$here/compose.sh" up --detach --no-build
holds 'all healthy' wait_for 90 all_healthy

if profile_up monitoring prometheus alertmanager; then
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
fi

if profile_up monitoring grafana; then
  # Not in an argument, where the list of processes would show it.
  grafana() { printf 'user = "admin:%s"\n' "$GRAFANA_PASSWORD" | get --config - "http://127.0.0.1:${GRAFANA_PORT:-3000}/api/$1"; }
  holds 'Grafana has the dashboard' grafana dashboards/uid/nps-oracle
  holds 'Grafana reaches Prometheus' grafana datasources/uid/nps-prometheus/health
fi

if profile_up logs elasticsearch kibana filebeat; then
  arrived() { [ "$(get "http://127.0.0.1:${ELASTICSEARCH_PORT:-9200}/nps-logs-*/_count?q=service.name:oracle" | jq .count)" -gt 0 ]; }
  holds "the Oracle's lines arrive in Elasticsearch" wait_for 60 arrived
  run_commands docs/operations.md 'sh elastic'
  # The page Logs from the engine instead of the folder.
  holds 'the dashboard is told of Elasticsearch' env ELASTICSEARCH_URL=http://elasticsearch:9200 "$here/compose.sh" up --detach --no-build dashboard
  shown() { [ "$(get "http://127.0.0.1:${DASHBOARD_PORT:-9000}/api/logs?service=oracle" | jq '.lines | length')" -gt 0 ]; }
  holds 'the dashboard shows lines from it' wait_for 60 shown
fi

[ "$failed" = 0 ] && echo 'all held' || echo 'FAILED'
exit "$failed"
