#!/usr/bin/env bash
# Deletes the private database. Not while a server uses it.
source "$(dirname "$0")/common.sh"
data="${ATRIUM_DATA:-data}"
[ -d "$data" ] || { echo "Nothing to delete: $data does not exist."; exit 0; }
exec 9>>"$data/postgres.lock"
flock -n 9 || fail "A server is using $data: stop it first."
# What a killed server has left running.
elsewhere=$(cat "$data/postgres.location" 2>/dev/null || true)
for cluster in "$data/postgres" ${elsewhere:+"$elsewhere/postgres"}; do
    pid=$(head -n 1 "$cluster/postmaster.pid" 2>/dev/null || true)
    if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ]; then
        kill -INT "$pid"
        while [ -d "/proc/$pid" ]; do sleep 0.1; done
    fi
done
if [ -t 0 ] && [ -z "${FORCE:-}" ]; then
    read -r -p "Delete the database in $data with all its data? [y/N] " answer
    [ "$answer" = y ] || exit 1
fi
rm -rf "$data/postgres" "$data/run" "$data"/postgres.*
case "$elsewhere" in /var/lib/atrium/?*) rm -rf "$elsewhere" ;; esac
echo "Deleted. The next start makes a new one."
