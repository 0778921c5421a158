#!/bin/sh
# Puts a backup back, all of it or nothing: one transaction that empties the schema public and fills it again. (pg_restore --clean
# cannot: it drops the keys of partitions one by one, which PostgreSQL refuses.)
# Stop alerter and dashboard first: compose.sh stop alerter dashboard
# Usage: restore.sh FILE --yes    Environment: DATABASE_URL; without it the compose stack's own PostgreSQL
set -eu

here=$(cd "$(dirname "$0")" && pwd)
file=${1:-}
if [ ! -r "$file" ] || [ ! -f "$file" ]; then
  echo "restore.sh: expected a file made by backup.sh, got '${file}'" >&2
  exit 2
fi
if [ "${2:-}" != "--yes" ]; then
  echo "restore.sh: this replaces what the database holds now; say so with --yes" >&2
  exit 2
fi

script=$(mktemp)
trap 'rm -f "$script"' EXIT
# First the whole script, so that a damaged file ends here and not half-way; CASCADE would list every table it takes along.
echo "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public;" >"$script"
if [ -n "${DATABASE_URL:-}" ]; then
  pg_restore --no-owner --no-privileges --file=- "$file" >>"$script"
  psql --dbname="$DATABASE_URL" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --output=/dev/null --file="$script"
else
  "$here/compose.sh" exec -T postgres pg_restore --no-owner --no-privileges --file=- <"$file" >>"$script"
  # shellcheck disable=SC2016 # to be filled in inside the container
  "$here/compose.sh" exec -T postgres sh -c \
    'exec psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --output=/dev/null --dbname "postgres://$POSTGRES_USER:${POSTGRES_PASSWORD:-$(cat "$POSTGRES_PASSWORD_FILE")}@127.0.0.1/$POSTGRES_DB"' \
    <"$script"
fi
echo "restored from $file; start alerter and dashboard again"
