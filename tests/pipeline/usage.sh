#!/usr/bin/env bash
# A command line that is wrong: exit code 64, and one line that says what to write instead. Help is not an error.
. tests/support/night.sh

# wrong PATTERN [arguments]
wrong() {
  local pattern=$1 code=0
  shift
  "$NIGHTMAIL" "$@" >"$WORK/said" 2>&1 || code=$?
  [ "$code" = 64 ] || fail "$* ended with $code: $(cat "$WORK/said")"
  [ "$(grep -c '^nightmail: usage:' "$WORK/said")" = 1 ] || fail "$* said: $(cat "$WORK/said")"
  grep -qE -e "$pattern" "$WORK/said" || fail "$*: no word of $pattern: $(cat "$WORK/said")"
}
job=tests/data/tiny.yaml
wrong 'which command'
wrong 'no command dream' dream
wrong 'which job' run
wrong 'one job at a time' run $job jobs/demo.yaml
wrong '--set needs a value' run $job --set
wrong 'no stage dream.*ingest' run $job --from dream
wrong 'no stage dream.*report' run $job --to dream
wrong 'give one of the two' run $job --fresh --from train
wrong 'later stage' run $job --run-dir "$WORK/usage" --from train --to ingest
wrong 'profile before it is not done|ingest before it is not done' run $job --run-dir "$WORK/usage" --from train
[ "$("$NIGHTMAIL" help | grep -c nightmail)" -gt 5 ] || fail "help names no commands"
[ "$("$NIGHTMAIL" --help)" = "$("$NIGHTMAIL" help)" ] || fail "--help and help differ"
for command in run verify show preview export synth status where; do
  "$NIGHTMAIL" $command --help >"$WORK/said" || fail "$command --help ended with $?"
  grep -q "nightmail $command" "$WORK/said" || fail "$command --help says: $(cat "$WORK/said")"
done
code=0
"$NIGHTMAIL" where $job --set "night=$(printf 'n%.0s' {1..64})" >"$WORK/said" 2>&1 || code=$?
[ "$code" = 78 ] && grep -q '^nightmail: settings: .*night.* letters' "$WORK/said" || fail "a night's name too long for a folder: $code, $(cat "$WORK/said")"
