#!/bin/sh
# Health check for images we did not build: takes whichever client the image has. Exit code 0 when one of the addresses answers.
# Usage: probe.sh ADDRESS...   with http(s)://…, tcp://host:port, or grpc://host:port (grpc_health_probe, else a connection)
set -u

http() {
  if command -v curl >/dev/null 2>&1; then
    curl --fail --silent --show-error --max-time 4 --output /dev/null "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -T 4 -O /dev/null "$1"
  elif command -v python3 >/dev/null 2>&1; then
    python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=4)' "$1" 2>&1
  elif command -v node >/dev/null 2>&1; then
    node -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(4000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$1"
  else
    echo "no curl, wget, python3 or node in this image: set another probe in .env" >&2
    return 1
  fi
}

tcp() {
  host=${1%:*} port=${1##*:}
  if command -v python3 >/dev/null 2>&1; then
    python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 4)' "$host" "$port"
  elif command -v node >/dev/null 2>&1; then
    node -e 'require("net").connect({ host: process.argv[1], port: process.argv[2], timeout: 4000 }, () => process.exit(0)).on("error", () => process.exit(1)).on("timeout", () => process.exit(1))' "$host" "$port"
  elif command -v nc >/dev/null 2>&1; then
    nc -z -w 4 "$host" "$port"
  else
    echo "no python3, node or nc in this image: set another probe in .env" >&2
    return 1
  fi
}

for address in "$@"; do
  case "$address" in
    http://* | https://*) http "$address" && exit 0 ;;
    grpc://*)
      if command -v grpc_health_probe >/dev/null 2>&1; then
        grpc_health_probe -addr="${address#grpc://}" -connect-timeout=4s -rpc-timeout=4s && exit 0
      else
        tcp "${address#grpc://}" && exit 0
      fi
      ;;
    tcp://*) tcp "${address#tcp://}" && exit 0 ;;
    *) echo "unknown address: $address" >&2 ;;
  esac
done
exit 1
