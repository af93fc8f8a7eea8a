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

# All files by name and time: one that goes away is a change too.
sources() {
    find app server frontend style migrations Cargo.toml Cargo.lock -type f -printf '%p %T@\n' | sort | sha256sum
}

while true; do
    seen=$(sources)
    begun=$SECONDS
    say "Building"
    if cargo build -p frontend --target wasm32-unknown-unknown && cargo build -p bundle && cargo build -p server && "$TARGET/debug/bundle" --profile dev --site "$ATRIUM_SITE" >/dev/null; then
        stop
        "$TARGET/debug/server" &
        server=$!
        say "Running again after $((SECONDS - begun)) s: reload the page"
    fi
    while [ "$(sources)" = "$seen" ]; do sleep 1; done
done
