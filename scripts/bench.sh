#!/usr/bin/env bash
# Measures the hot paths against raw SQL in the same run, on an optimised build and a durable private cluster; then the
# calendar's grid in Chromium beside FullCalendar 7 and a layout by hand. `bench.sh grid [rounds]` does the latter alone.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh
need_rust
need_postgres
if [ "${1:-}" != grid ]; then
    say "Building (minutes the first time)"
    cargo bench -p server --bench house --no-run
    say "Measuring"
    cargo bench -q -p server --bench house -- "$@"
    [ $# -eq 0 ] || exit 0
fi
say "Building the site and the server"
need_playwright
scripts/stage.sh site
cargo build --release -p server
say "Measuring the grid"
cd end2end
ATRIUM_SERVER="$TARGET/release/server" npm run --silent bench:grid -- "${2:-5}"
