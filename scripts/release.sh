#!/usr/bin/env bash
# Builds what runs in production: the optimised server and the browser's files. It takes twice as long as `make run` does.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh

need_rust
need_binaryen
say "1/2 The browser's files"
scripts/stage.sh site
say "2/2 The server"
cargo build --release -p server
say "Made: $TARGET/release/server and ${ATRIUM_SITE:-$PWD/site}, which ATRIUM_SITE names. Settings are in README.md; ATRIUM_MODE=production is needed."
