#!/bin/sh
# Asks every part of the stack whether it is well. Exit code 0: all healthy; 1: something is not, and the line says what.
# Usage: health-check.sh [NAME=URL...]   default: oracle, alerter and dashboard on this machine
# Environment: HEALTH_TIMEOUT (seconds to go on asking until all is well, 0); the ports as in .env
set -u

if [ $# -eq 0 ]; then
  set -- \
    "oracle=http://127.0.0.1:${ORACLE_HTTP_PORT:-9090}/health" \
    "alerter=http://127.0.0.1:${ALERTER_PORT:-9095}/health" \
    "dashboard=http://127.0.0.1:${DASHBOARD_PORT:-9000}/healthz"
fi

ask_all() {
  failed=0
  for target in "$@"; do
    name=${target%%=*} url=${target#*=}
    # Without --fail: a degraded service says in its body what is wrong.
    if answer=$(curl --silent --show-error --max-time 5 --write-out '\n%{http_code}' "$url" 2>&1); then
      code=$(printf '%s' "$answer" | tail -n 1)
      # The first "status" is the service's own: it stands before those of the checks.
      status=$(printf '%s' "$answer" | grep -o '"status" *: *"[a-z]*"' | head -n 1 | sed 's/.*"\([a-z]*\)"$/\1/')
    else
      code=000 status=$(printf '%s' "$answer" | sed -n 's/^.*curl: ([0-9]*) //p')
    fi
    case "$code" in
      2??) mark=ok ;;
      *) mark=FAILED failed=1 ;;
    esac
    printf '%-7s %-12s %s %s\n' "$mark" "$name" "$code" "${status:-}"
  done
  return "$failed"
}

deadline=$(($(date +%s) + ${HEALTH_TIMEOUT:-0}))
until lines=$(ask_all "$@"); do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    printf '%s\n' "$lines"
    exit 1
  fi
  sleep 1
done
printf '%s\n' "$lines"
