#!/bin/sh
# Saves the database into one file, checks that it can be read, and keeps the newest ten. While everything runs.
# Usage: backup.sh [FOLDER]    default ./backups
# Environment: DATABASE_URL; without it the compose stack's own PostgreSQL is asked inside its container. BACKUPS_KEPT (10)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-./backups}
kept=${BACKUPS_KEPT:-10}
case "$kept" in "" | 0 | *[!0-9]*) echo "backup.sh: BACKUPS_KEPT: expected a number from 1 on, got '$kept'" >&2 && exit 2 ;; esac
umask 077 # the file holds everything the database holds
mkdir -p "$folder"
file="$folder/nps-$(date -u +%Y%m%dT%H%M%SZ).dump"
trap 'rm -f "$file.part"' EXIT

if [ -n "${DATABASE_URL:-}" ]; then
  pg_dump --format=custom --no-owner --no-privileges --dbname="$DATABASE_URL" >"$file.part"
  pg_restore --list "$file.part" >/dev/null
else
  # shellcheck disable=SC2016 # to be filled in inside the container
  "$here/compose.sh" exec -T postgres sh -c \
    'pg_dump --format=custom --no-owner --no-privileges --host 127.0.0.1 --dbname "postgres://$POSTGRES_USER:${POSTGRES_PASSWORD:-$(cat "$POSTGRES_PASSWORD_FILE")}@127.0.0.1/$POSTGRES_DB"' \
    >"$file.part"
  "$here/compose.sh" exec -T postgres pg_restore --list <"$file.part" >/dev/null
fi
# Under its name only once it is whole.
mv "$file.part" "$file"
echo "$file $(wc -c <"$file" | tr -d ' ') bytes"

# Names sort by time.
find "$folder" -maxdepth 1 -name 'nps-*.dump' | sort -r | tail -n "+$((kept + 1))" | while IFS= read -r old; do rm -- "$old"; done
