#!/usr/bin/env bash
# Development: builds both halves without optimisation, runs the server, and does both again whenever a source changes.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh
need_rust
need_postgres

export ATRIUM_SITE="$TARGET/site-dev"
server=
stop() {
    if [ -n "$server" ]; then
        kill -TERM "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}
trap stop EXIT

newest() {
    find app server frontend style migrations Cargo.toml Cargo.lock \
        -type f \( -name '*.rs' -o -name '*.toml' -o -name '*.css' -o -name '*.json' -o -name '*.js' -o -name '*.sql' -o -name '*.html' -o -name 'Cargo.lock' \) \
        -printf '%T@\n' | sort -n | tail -n 1
}

while true; do
    seen=$(newest)
    say "Building"
    if cargo build -p frontend --target wasm32-unknown-unknown && cargo build -p bundle -p server && "$TARGET/debug/bundle" --profile dev --site "$ATRIUM_SITE" >/dev/null; then
        stop
        "$TARGET/debug/server" &
        server=$!
    fi
    while [ "$(newest)" = "$seen" ]; do sleep 1; done
done
