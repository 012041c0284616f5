#!/usr/bin/env bash
# where and status: before, during and after a night, of one that was killed, and of one that was asked to stop; and that
# a mark changes if and only if work was kept.
. tests/support/night.sh
run=$WORK/status
gate=$WORK/status.gate
rm -rf "$run" "$gate" "$gate".*

[ "$("$NIGHTMAIL" where tests/data/tiny.yaml)" = "$TINY/runs/tiny/2024-04-30" ] || fail "where names another folder"
[ "$("$NIGHTMAIL" where tests/data/tiny.yaml --set night=2024-05-01 --quiet --to train)" = "$TINY/runs/tiny/2024-05-01" ] ||
  fail "where does not know the night"
[ "$("$NIGHTMAIL" where tests/data/tiny.yaml --run-dir "$run")" = "$run" ] || fail "where does not know --run-dir"
[ ! -e "$run" ] || fail "where has made the folder"

# says PATTERN...: the status of the run, for people, has all of these.
says() {
  "$NIGHTMAIL" status "$run" >"$WORK/said" || fail "status ended with $?"
  local pattern
  for pattern; do grep -qE "$pattern" "$WORK/said" || fail "status has no $pattern: $(cat "$WORK/said")"; done
  "$NIGHTMAIL" status "$run" --json | python3 -c 'import json, sys; json.load(sys.stdin)["stages"][6]["state"]'
}
mark() { "$NIGHTMAIL" status "$run" --mark; }

code=0
"$NIGHTMAIL" status "$run" 2>"$WORK/said" || code=$?
[ "$code" = 66 ] || fail "status of nothing ended with $code: $(cat "$WORK/said")"
mkdir "$run"
says ': waiting: nothing is done' '^  ingest +pending' '^  report +pending'
nothing=$(mark)

# During: rank 0 waits at a gate before it commits decide.
SLURM_JOB_ID=4711 WRAPPER="$PRELOAD SHIM_WAIT=work/decide/DONE.json SHIM_GATE=$gate" night 2 "$run" --quiet \
  >"$WORK/first" 2>&1 &
first=$!
until [ -e "$run/work/train/DONE.json" ] && [ "$("$NIGHTMAIL" status "$run" --json | grep -c '"stage": "decide"')" = 2 ]; do
  kill -0 $first 2>/dev/null || fail "the night ended early: $(cat "$WORK/first")"
  sleep 0.05
done
until grep -q '"stage": "decide"' "$run/progress.json"; do sleep 0.05; done
says ': running for .*since .*job 4711 on .*2 ranks' '^  train +done +100 % ' '^  decide +running' '^  generate +pending'
[ "$(stat -c %a "$run/progress.json")" = 600 ] || fail "others may read progress.json"
during=$(mark)
[ "$nothing" != "$during" ] || fail "five stages are done, and the mark is the same"
[ "$during" = "$(mark)" ] || fail "a mark changes by itself"
code=0
night 2 "$run" >"$WORK/second" 2>&1 || code=$?
[ "$code" = 77 ] || fail "a second run ended with $code: $(cat "$WORK/second")"
grep -q 'another run is at work in .*: job 4711 on .*, since ' "$WORK/second" || fail "$(cat "$WORK/second")"

# Killed without a word: another process ends the ranks.
for process in /proc/[0-9]*; do
  command=$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) || continue
  if [[ $command == "$NIGHTMAIL run "*"--run-dir $run "* ]]; then kill -KILL "${process#/proc/}" 2>/dev/null || true; fi
done
wait $first 2>/dev/null && fail "the ranks were killed, and the night ended with 0"
says ': stopped' '^  decide +stopped' 'why +it said nothing'
[ "$(mark)" = "$during" ] || fail "nothing was kept, and the mark has changed"

# Stopped by a fault: the sentence is there.
code=0
WRAPPER="$PRELOAD SHIM_FULL=work/decide/" night 2 "$run" --quiet >"$WORK/first" 2>&1 || code=$?
[ "$code" = 74 ] || fail "a full disk ended with $code: $(cat "$WORK/first")"
says ': stopped at .*start 2' 'why +input/output: .*the disk is full'
[ "$(mark)" = "$during" ] || fail "nothing was kept, and the mark has changed"

# A stage at a time, as a chain of jobs does it.
night 2 "$run" --to decide
says ': waiting for its next start' '^  decide +done' '^  generate +'
[ "$(mark)" != "$during" ] || fail "decide is done, and the mark is the same"
night 2 "$run"
says ': finished at .*messages' '^  report +done'
[ ! -e "$run/progress.json" ] || fail "a finished night has a progress"
"$NIGHTMAIL" verify "$run" >/dev/null
same_bytes "$run" "$WORK/np1"
