#!/usr/bin/env bash
# A rank stands still in the middle of a night (as a stopped process does, or one whose file server is gone): the job ends by
# itself, says where, and the next start finishes it with the same bytes.
. tests/support/night.sh
run=$WORK/hang
gate=$WORK/hang.gate
rm -rf "$run" "$gate" "$gate".*
# Rank 1 waits at a gate that nobody opens, before it commits its part of decide; it is the one that hangs.
code=0
started=$SECONDS
WRAPPER="$PRELOAD SHIM_WAIT=work/decide/ SHIM_RANK=1 SHIM_GATE=$gate" night 2 "$run" --set layout.watchdog_seconds=5 \
  >"$WORK/said" 2>&1 || code=$?
[ "$code" -ne 0 ] || fail "a rank hung, and the night ended with 0"
[ "$code" -ne 137 ] || fail "the job had to be killed"
[ $((SECONDS - started)) -lt 240 ] || fail "the job took $((SECONDS - started)) s to end"
said=$(grep -c '^nightmail: internal: rank .*no progress for .* in .*decide' "$WORK/said") || true
{ [ "$said" -ge 1 ] && [ "$said" -le 2 ]; } || fail "no word, or too many, of where it hung: $(cat "$WORK/said")"

# A rank that is stopped cannot speak; the one that waits for it does, after four times as long.
rm -f "$run/progress.json" # which says how far the last start was
WRAPPER="$PRELOAD SHIM_WAIT=work/decide/ SHIM_RANK=1 SHIM_GATE=$gate" night 2 "$run" --set layout.watchdog_seconds=15 \
  >"$WORK/said" 2>&1 &
job=$!
until grep -qs '"stage": "decide"' "$run/progress.json"; do
  kill -0 $job 2>/dev/null || fail "the night ended early: $(cat "$WORK/said")"
  sleep 0.05
done
victim=
for process in /proc/[0-9]*; do
  command=$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) || continue
  [[ $command == "$NIGHTMAIL run "*"--run-dir $run "* ]] || continue
  if grep -qz '^OMPI_COMM_WORLD_RANK=1$' "$process/environ" 2>/dev/null; then victim=${process#/proc/}; fi
done
if [ -n "$victim" ]; then
  kill -STOP "$victim"
  touch "$gate"
  code=0
  wait $job || code=$?
  [ "$code" -ne 0 ] || fail "a rank was stopped, and the night ended with 0"
  [ "$code" -ne 137 ] || fail "the job had to be killed"
  for ((i = 0; i < 300; i++)); do # it is killed, and then taken away
    kill -0 "$victim" 2>/dev/null || break
    sleep 0.2
  done
  ! kill -0 "$victim" 2>/dev/null || fail "the stopped rank is still there"
  grep -q '^nightmail: internal: rank 0 .* in .*decide.*, waiting for the other ranks at ' "$WORK/said" ||
    fail "nobody said where: $(cat "$WORK/said")"
else
  # Another MPI, which does not say ranks in this way.
  touch "$gate"
  wait $job || fail "the night ended badly: $(cat "$WORK/said")"
fi
night 3 "$run"
"$NIGHTMAIL" verify "$run"
same_bytes "$run" "$WORK/np1"
