#!/usr/bin/env bash
# One stage of the tests by name; `scripts/test.sh` runs them all. Each can be run alone.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh

# The tests of the server's side are compiled by Clippy itself, which lints as it goes: what it finds ends the build, and
# nothing has to be gone through twice. `cargo clippy` sets the same two variables, for `cargo check`.
linted() {
    RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS="-D__CLIPPY_HACKERY__warnings" cargo test "${PACKAGES[@]}" -p bundle "${FEATURES[@]}" "$@"
}

case "${1:-}" in
format)
    need_rust
    cargo fmt --all --check
    ;;
lint)
    need_rust
    linted --no-run
    linted --no-run --benches
    cargo clippy -p frontend -p verdict --target wasm32-unknown-unknown -- -D warnings
    ;;
rust)
    need_rust
    need_postgres
    stop_test_cluster() {
        # Tests leave their cluster running for the next run; the last one leaves nothing behind.
        local data
        data=$(cat "$TARGET/testing/data" 2>/dev/null) || return 0
        [ ! -f "$data/postmaster.pid" ] || kill -INT "$(head -n 1 "$data/postmaster.pid")" 2>/dev/null || true
    }
    trap stop_test_cluster EXIT
    linted --no-fail-fast
    ;;
wasm)
    need_rust
    need_node
    cargo build -p verdict --target wasm32-unknown-unknown
    cargo build -p services --example scenarios
    for seed in 1 "$RANDOM"; do
        echo "seed $seed"
        "$TARGET/debug/examples/scenarios" "$seed" 2000 | node end2end/verdict.mjs
        # And where something is dragged over them: 100,000 places in all.
        "$TARGET/debug/examples/scenarios" "$seed" 1000 50 | node end2end/verdict.mjs
    done
    ;;
site)
    need_rust
    need_binaryen
    compile_browser
    cargo build -p bundle
    bundle_site --sizes
    ;;
budget)
    "$TARGET/debug/bundle" --profile wasm-release --site "${ATRIUM_SITE:-site}" --check-budget
    ;;
server)
    # The very server that the Rust tests have built: the same selection of packages and features.
    need_rust
    need_postgres
    linted --no-run
    ;;
e2e)
    need_playwright
    need_postgres
    cd end2end
    # shellcheck disable=SC2086
    ATRIUM_SERVER="$TARGET/debug/server" npx playwright test ${SPEC:-}
    ;;
fuzz)
    need_node
    need_postgres
    need_schemathesis
    ATRIUM_SERVER="$TARGET/debug/server" node end2end/fuzz.mjs
    ;;
*)
    fail "stages: format lint rust wasm site budget server e2e fuzz"
    ;;
esac
