#!/usr/bin/env bash
# fault.sh CASE RANKS: one thing is wrong; the job ends with the exit code of its kind, says so in one line of ours (one a
# fault, for settings), does not hang, and leaves nothing that verify accepts.
. tests/support/night.sh
case=$1
ranks=$2
here=$WORK/$case.np$ranks
run=$here/run
rm -rf "$here"
mkdir -p "$here"

# expect CODE LINES PATTERN [options]: runs the night and holds what it says against this.
expect() {
  local code=$1 lines=$2 pattern=$3 got=0
  shift 3
  night "$ranks" "$run" "$@" >"$here/said" 2>&1 || got=$?
  [ "$got" = "$code" ] || fail "exit code $got instead of $code: $(cat "$here/said")"
  [ "$(grep -c '^nightmail:' "$here/said")" = "$lines" ] || fail "not $lines line(s) of ours: $(cat "$here/said")"
  grep '^nightmail:' "$here/said" | grep -qE "$pattern" || fail "no word of $pattern: $(grep '^nightmail:' "$here/said")"
  ! "$NIGHTMAIL" verify "$run" >/dev/null 2>&1 || fail "verify accepts what is left"
}

# A file of events (the platform's first 2,000 rows, edited by the sed script $1) in place of the real one.
events() { head -n 2000 "$TINY/events.csv" | LC_ALL=C sed -E "$1" >"$here/events.csv"; }
with_events=(--set "inputs.interactions.path=$here/events.csv")

# The job with one line replaced by the sed script $1.
job() {
  sed -E "$1" tests/data/tiny.yaml >"$here/tiny.yaml"
  JOB=$here/tiny.yaml
}

# The run begins as a finished one of which the stages from generate on are gone.
all_but_messages() {
  cp -r "$WORK/np1" "$run"
  rm -r "$run"/messages-* "$run"/MANIFEST.json "$run"/report.html "$run"/work/generate "$run"/work/report
}

case $case in
  missing_file) expect 66 1 'nowhere.csv' --set inputs.interactions.path=nowhere.csv ;;
  missing_suppression) expect 66 1 'nowhere.txt' --set inputs.suppression.path=nowhere.txt ;;
  missing_copy) expect 66 1 'nowhere.csv' --set inputs.copy.paths=nowhere.csv ;;
  empty_file)
    : >"$here/events.csv"
    expect 65 1 'events.csv.*empty' "${with_events[@]}" ;;
  missing_column) expect 65 1 'buyer.*user, item, time' --set inputs.interactions.columns.user=buyer ;;
  broken_quote)
    events '40,400s/^/"/'
    expect 65 1 'events.csv' "${with_events[@]}" ;;
  invalid_utf8)
    events '10,900s/^u/\xe9/'
    expect 65 1 'encoding' "${with_events[@]}" ;;
  truncated_zst)
    zstd -q "$TINY/events.csv" -o "$here/whole.zst"
    head -c 20000 "$here/whole.zst" >"$here/events.csv.zst"
    expect 65 1 'events.csv.zst' --set "inputs.interactions.path=$here/events.csv.zst" ;;
  negative_weight)
    events '1s/price/weight/; 2,$s/,[0-9.]*$/,1/; 10,900s/,1$/,-1/'
    expect 65 1 'weight' "${with_events[@]}" --set inputs.interactions.columns.price= \
      --set inputs.interactions.columns.weight=weight ;;
  bad_dates)
    events '10,900s/2024-/yesterday/'
    expect 65 1 'time' "${with_events[@]}" ;;
  no_title)
    LC_ALL=C sed -E '2,60s/"[^"]*","[^"]*"/,/' "$TINY/items.csv" >"$here/items.csv"
    expect 65 1 'title' --set "inputs.catalogue.path=$here/items.csv" ;;
  unknown_key)
    job 's/^language: zh/langauge: zh/'
    expect 78 1 'tiny.yaml:[0-9]+:[0-9]+.*langauge.*language' ;;
  duplicate_key)
    job 's/^language: zh/language: zh\nlanguage: en/'
    expect 78 1 'tiny.yaml:[0-9]+:[0-9]+.*language' ;;
  wrong_type)
    job 's/^  width: 8/  width: wide/'
    expect 78 1 'tiny.yaml:[0-9]+:[0-9]+.*als.width' ;;
  out_of_range)
    job 's/^  width: 8/  width: 8000/'
    expect 78 1 'tiny.yaml:[0-9]+:[0-9]+.*als.width.*1024' ;;
  negative_setting)
    job 's/weight: 4/weight: -4/'
    expect 78 1 'weight' ;;
  two_faults)
    job 's/^  width: 8/  width: wide/; s/^language: zh/langauge: zh/'
    expect 78 2 'als.width' ;;
  bad_yaml)
    job '$s/$/\n]/'
    expect 78 1 'tiny.yaml:[0-9]+' ;;
  no_job)
    JOB=nowhere.yaml
    expect 66 1 'nowhere.yaml' ;;
  unknown_option) expect 64 1 'sideways' --sideways ;;
  full_disk_ingest)
    WRAPPER="$PRELOAD SHIM_FULL=work/ingest/" expect 74 1 'full' ;;
  full_disk_generate)
    all_but_messages
    WRAPPER="$PRELOAD SHIM_FULL=/messages- SHIM_RANK=$((ranks - 1))" expect 74 1 'full' ;;
  full_disk_manifest)
    all_but_messages
    WRAPPER="$PRELOAD SHIM_FULL=MANIFEST.json" expect 74 1 'full' ;;
  file_for_folder)
    : >"$here/file"
    run=$here/file/run
    expect 74 1 "$here/file" ;;
  no_permission)
    # Root may write anywhere, so the night is run by somebody who may not.
    if [ "$(id -u)" = 0 ]; then
      chmod -R a+rX "$TINY"
      AS="setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/tmp"
      if ! $AS test -x "$NIGHTMAIL" -a -r "$TINY/events.csv" -a -r tests/data/tiny.yaml; then
        echo "skipped: another user cannot reach the program here"
        exit 77
      fi
    fi
    mkdir -m 555 "$here/closed"
    run=$here/closed/run
    expect 77 1 "$here/closed" ;;
  open_key)
    printf '0123456789abcdef' >"$here/key"
    chmod 644 "$here/key"
    expect 77 1 "$here/key" --set "privacy.key_file=$here/key" ;;
  two_runs)
    # Whoever comes second is sent away; the first, which waits at a gate meanwhile, finishes.
    WRAPPER="$PRELOAD SHIM_WAIT=work/ingest/DONE.json SHIM_GATE=$here/gate" night "$ranks" "$run" >"$here/first" 2>&1 &
    first=$!
    until [ -e "$run/work/ingest" ] || ! kill -0 $first 2>/dev/null; do sleep 0.02; done
    got=0
    night "$ranks" "$run" >"$here/second" 2>&1 || got=$?
    touch "$here/gate"
    wait $first || fail "the first run ended badly: $(cat "$here/first")"
    [ "$got" = 77 ] || fail "the second run ended with $got: $(cat "$here/second")"
    [ "$(grep -c '^nightmail:.*another run' "$here/second")" = 1 ] || fail "$(cat "$here/second")"
    "$NIGHTMAIL" verify "$run" ;;
  *) fail "there is no case $case" ;;
esac
