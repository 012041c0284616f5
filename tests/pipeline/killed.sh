#!/usr/bin/env bash
# A rank is killed in the middle of training, by another process: the job ends by itself, and the next start finishes it.
. tests/support/night.sh
run=$WORK/killed
rm -rf "$run"
night 2 "$run" >"$WORK/said" 2>&1 &
job=$!
for ((i = 0; i < 1200; i++)); do
  [ -e "$run/work/factorise/DONE.json" ] && break
  sleep 0.05
done
# A rank, never its launcher: the program itself, at work in this run.
victim=
for process in /proc/[0-9]*; do
  command=$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) || continue
  [[ $command == "$NIGHTMAIL run "*"--run-dir $run "* ]] && victim=${process#/proc/}
done
[ -n "$victim" ] || fail "no rank was found to kill"
kill -KILL "$victim"
started=$SECONDS
code=0
wait $job || code=$?
[ $code -ne 0 ] || fail "a rank was killed, and the night ended with 0"
[ $((SECONDS - started)) -lt 15 ] || fail "the job took $((SECONDS - started)) s to notice"
night 3 "$run"
"$NIGHTMAIL" verify "$run"
same_bytes "$run" "$WORK/np1"
