#!/usr/bin/env bash
# Runs the stages given, or all of them, one after another (but the browser's files, which are made beside the first); a failed
# one does not keep the others from being run, but for those that need what it makes. Ends with what failed and a line that counts.
source "$(dirname "$0")/common.sh"

stages=("$@")
[ ${#stages[@]} -gt 0 ] || stages=(format lint rust site wasm budget server e2e fuzz)
# A stage that hangs is ended; one that is only slow, on a cold and busy machine, is not.
limit() { case "$1" in lint | rust | site | e2e | fuzz) echo 2700 ;; *) echo 1200 ;; esac; }
needs() { case "$1" in wasm | budget) echo site ;; e2e) echo "site server" ;; fuzz) echo server ;; esac; }

logs="$TARGET/test-logs"
mkdir -p "$logs"
passed=0
failed=0
declare -A outcome
rows=()

# Adds what the tests themselves counted; a stage that counts nothing is one test.
count() {
    local log="$1" status="$2" good bad
    good=$(sed -E 's/\x1b\[[0-9;]*m//g' "$log" | awk '/^test result:/ { p += $4 } /^ +[0-9]+ passed( \(|$)/ { p += $1 } END { print p + 0 }')
    bad=$(sed -E 's/\x1b\[[0-9;]*m//g' "$log" | awk '/^test result:/ { f += $6 } /^ +[0-9]+ failed$/ { f += $1 } END { print f + 0 }')
    if [ "$status" -eq 0 ] && [ "$good" -eq 0 ]; then good=1; fi
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    passed=$((passed + good))
    failed=$((failed + bad))
}

# Progress of the compiler and tests that pass are in the log only.
brief() {
    grep --line-buffered -vE '^ *(Compiling|Checking|Downloading|Downloaded|Dirty|Fresh|Locking|Updating|Running|Doc-tests|Executable|Blocking|running) |^test .* \.\.\. ok$|^ *$' || true
}

# Runs one stage, told and kept in its log, and leaves its status and seconds beside that.
run() {
    local stage="$1" begun=$SECONDS status=0
    CARGO_TERM_COLOR=never timeout --kill-after=30 "$(limit "$stage")" scripts/stage.sh "$stage" 2>&1 </dev/null | tee "$logs/$stage.log" || status=$?
    echo "$status $((SECONDS - begun))" >"$logs/$stage.end"
}

# The browser's files are made beside the first stages: for minutes the linker and the optimiser keep one core idle.
beside=
if [[ " ${stages[*]} " == *" lint "* && " ${stages[*]} " == *" site "* ]]; then
    run site >/dev/null &
    beside=$!
    # Not before its turn does anything of it show; nothing of it is left if this is interrupted.
    trap 'pkill -TERM -P "$beside" || true' EXIT
fi

for stage in "${stages[@]}"; do
    missing=
    for need in $(needs "$stage"); do
        [ "${outcome[$need]:-ok}" = ok ] || missing="$need"
    done
    if [ -n "$missing" ]; then
        outcome[$stage]="not run: $missing failed"
        failed=$((failed + 1))
        rows+=("$(printf '%-8s %6s  %s' "$stage" - "${outcome[$stage]}")")
        continue
    fi
    say "== $stage"
    if [ "$stage" = site ] && [ -n "$beside" ]; then
        wait "$beside" || true
        trap - EXIT
        brief <"$logs/site.log"
    else
        run "$stage" | brief
    fi
    read -r status seconds <"$logs/$stage.end"
    count "$logs/$stage.log" "$status"
    if [ "$status" -eq 0 ]; then outcome[$stage]=ok; else outcome[$stage]="FAILED (status $status)"; fi
    [ "$status" -ne 124 ] || outcome[$stage]="FAILED: not finished in $(limit "$stage") s"
    rows+=("$(printf '%-8s %4d s  %s' "$stage" "$seconds" "${outcome[$stage]}")")
done

for stage in "${stages[@]}"; do
    if [[ "${outcome[$stage]}" == FAILED* ]]; then
        say "== what $stage said ($logs/$stage.log)"
        # The failures by name first, then the end of the log.
        grep -E '^test .* \.\.\. FAILED|panicked at|^error(\[|:)|^ +[0-9]+\) \[' "$logs/$stage.log" | head -n 40 || true
        tail -n 60 "$logs/$stage.log"
    fi
done
if grep -qE '^ +[0-9]+ flaky$' "$logs/e2e.log" 2>/dev/null && [[ " ${stages[*]} " == *" e2e "* ]]; then
    say "== failed the first time, and not again: to be looked into"
    sed -n '/^ *[0-9]* flaky$/,/^ *[0-9]* \(passed\|skipped\)/p' "$logs/e2e.log" | sed '/passed\|skipped/d'
fi
say "Summary ($((SECONDS / 60)) min $((SECONDS % 60)) s)"
printf '%s\n' "${rows[@]}"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
