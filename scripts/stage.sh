#!/usr/bin/env bash
# One stage of the tests by name; `scripts/test.sh` runs them all. Each can be run alone.
source "$(dirname "$0")/common.sh"
source scripts/setup.sh

# What is tested is compiled by Clippy itself, which lints as it goes: what it finds ends the build, and nothing has to be gone
# through twice. `cargo clippy` sets the same two variables, for `cargo check`.
linted() { RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS="-D__CLIPPY_HACKERY__warnings" "$@"; }
# Not the examples in doc comments: there are none, and to look for them takes as long as to compile all crates once more.
tests() { linted cargo test "${PACKAGES[@]}" "${FEATURES[@]}" --lib --bins --tests --examples "$@"; }

case "${1:-}" in
format)
    need_rust
    cargo fmt --all --check
    ;;
lint)
    need_rust
    tests --no-run
    linted cargo test "${PACKAGES[@]}" "${FEATURES[@]}" --benches --no-run
    # Alone, as everywhere: beside the others it would be built of libraries with other features, and those once more.
    linted cargo test -p bundle --no-run
    ;;
lint-browser)
    # All of it but what is found only when the browser's files are made, which also lints: for those who will not wait.
    need_rust
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
    failed=0
    tests --no-fail-fast || failed=$?
    linted cargo test -p bundle || failed=$?
    [ "$failed" -eq 0 ]
    ;;
wasm)
    # Both sides of the comparison are there already: the examples were built with the tests, the rules in wasm with the screens.
    need_rust
    need_node
    tests --no-run
    linted compile_browser
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
    # At once, because the tests' compilation has to wait for the bundler's, and not for the browser's half.
    cargo build -p bundle &
    bundler=$!
    linted compile_browser
    wait "$bundler"
    bundle_site --sizes
    ;;
budget)
    "$TARGET/debug/bundle" --profile wasm-release --site "${ATRIUM_SITE:-site}" --check-budget
    ;;
server)
    # The very server that the Rust tests have built: the same selection of packages and features.
    need_rust
    need_postgres
    tests --no-run
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
    fail "stages: format lint lint-browser rust wasm site budget server e2e fuzz"
    ;;
esac
