#!/usr/bin/env bash
# As everywhere.sh, on one of two ranks: the job ends as a whole, says one line, and the next start, on two ranks or one,
# repairs it. A sample of the calls; more with FAULTS_ALL=1.
. tests/support/small.sh
run=$here/run
tried=0
most=2
[ "${FAULTS_ALL:-0}" != 1 ] || most=30

# The night of small.sh on two ranks.
pair() {
  timeout --signal=KILL 300 "$MPIEXEC" -n 2 ${WRAPPER:-} "$NIGHTMAIL" run "${job[@]}" --run-dir "$run" "${plain[@]}"
}

for how in kill full error; do
  for rank in 0 1; do
    under "$run" "$how"
    WRAPPER+=" SHIM_RANK=$rank"
    rm -rf "$run"
    pair >/dev/null
    must_be "$run" "$SMALL/plain"
    count=$(cat "$here/count")
    [ "$count" -gt 2 ] || fail "rank $rank makes $count calls; is the shim in front of it?"
    for ((k = 0; k < most; k++)); do
      # Spread over the start, and another kind of call each time.
      n=$((1 + (k * count / most + k * 3 + rank * 5) % count))
      at="rank $rank, $how at call $n of $count"
      code=0
      rm -rf "$run"
      (export SHIM_AT=$n; pair) >"$here/said" 2>&1 || code=$?
      is_right "$run" "$SMALL/plain" || fail "$at: verify accepts a wrong night"
      if [ "$how" = kill ]; then
        [ "$code" != 0 ] || fail "$at: a rank was killed, and the night ended with 0"
      else
        ended "$code" "$here/said" "$how"
      fi
      if [ $((k % 2)) = 0 ]; then
        WRAPPER='' pair >"$here/said" 2>&1 || fail "$at: the next start failed: $(cat "$here/said")"
      else
        WRAPPER='' small "$run" "${plain[@]}" >"$here/said" 2>&1 || fail "$at: the next start failed: $(cat "$here/said")"
      fi
      must_be "$run" "$SMALL/plain"
      tried=$((tried + 1))
    done
  done
done
echo "$tried faults on one of two ranks, one a start: none was taken for a night, and each was repaired"
