#!/usr/bin/env bash
# psql as the owner of everything on the database of the running server (or on DATABASE_URL).
source "$(dirname "$0")/common.sh"
data="${ATRIUM_DATA:-data}"
have psql || fail "psql is needed (Debian: postgresql-client)."
url="${DATABASE_URL:-$(cat "$data/postgres.url" 2>/dev/null || true)}"
[ -n "$url" ] || fail "No database in $data yet: start the server first (make run)."
exec psql "$url" "$@"
