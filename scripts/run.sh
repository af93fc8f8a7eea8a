#!/usr/bin/env bash
# Sets up what is missing, builds both halves, and starts the server in the foreground. Ctrl-C stops it and its database.
#
# The server is built as the tests and `make watch` build it: so nothing is compiled twice on a machine where one works, and the
# first start is minutes sooner. `make release` builds the one for production.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh

begun=$SECONDS
need_rust
need_postgres
need_binaryen

if [ ! -x "$TARGET/debug/server" ]; then
    say "Building for the first time: a quarter of an hour or so on two free cores; afterwards seconds."
fi
say "1/3 Compiling the browser's half (wasm) and the server beside it"
# While the linker of the one keeps a single core busy, the other goes on.
compile_browser &
browser=$!
trap 'pkill -TERM -P "$browser" 2>/dev/null || true' EXIT
cargo build -p bundle
cargo build -p server
wait "$browser"
trap - EXIT
say "2/3 Making the browser's files"
bundle_site
say "3/3 Starting after $((SECONDS - begun)) s"
export ATRIUM_SITE="${ATRIUM_SITE:-$PWD/site}"
exec "$TARGET/debug/server"
