#!/usr/bin/env bash
# Measures the hot paths against raw SQL in the same run, on an optimised build and a durable private cluster.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh
need_rust
need_postgres
say "Building (minutes the first time)"
cargo bench -p server --bench house --no-run
say "Measuring"
exec cargo bench -q -p server --bench house -- "$@"
