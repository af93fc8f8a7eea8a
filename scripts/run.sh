#!/usr/bin/env bash
# Sets up what is missing, builds both halves, and starts the server in the foreground. Ctrl-C stops it and its database.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh

begun=$SECONDS
need_rust
need_postgres
need_binaryen

if [ ! -x "$TARGET/release/server" ]; then
    say "Building for the first time: about 12 minutes on two cores; afterwards seconds."
fi
say "1/3 The browser's half (wasm)"
scripts/stage.sh site
say "2/3 The server"
cargo build --release -p server
say "3/3 Starting after $((SECONDS - begun)) s"
export ATRIUM_SITE="${ATRIUM_SITE:-$PWD/site}"
exec "$TARGET/release/server"
