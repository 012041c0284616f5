#!/usr/bin/env bash
# Something goes wrong in the start that repairs, and once more in the one after it; the fourth start makes the night
# whole. A sample of the ways; more with FAULTS_ALL=1.
. tests/support/small.sh
run=$here/run
tried=0
options=("${plain[@]}")

# One start with the N-th call going wrong.
disturbed() {
  local how=$1 n=$2 code=0
  at+=", $how at call $n"
  under "$run" "$how"
  (SHIM_AT=$n small "$run" "${options[@]}") >"$here/said" 2>&1 || code=$?
  is_right "$run" "$SMALL/plain" "$SMALL/$state" || fail "$at: verify accepts a wrong night"
  ended "$code" "$here/said" "$how"
  [ "$code" != 0 ] || must_be "$run" "$SMALL/plain"
}

most=4
[ "${FAULTS_ALL:-0}" != 1 ] || most=40
for state in ingest factorise train generate anew recut; do
  under "$run" kill
  begin $state
  small "$run" "${options[@]}" >/dev/null
  count=$(cat "$here/count")
  hows=(kill half error kill full kill)
  # Steps without a common factor with a file's number of calls, and the later ones early: that is where a start looks at
  # what the one before it left.
  for ((k = 1; k <= most; k++)); do
    at=$state
    begin $state
    disturbed kill $((1 + k * 7919 % count))
    disturbed "${hows[k % 6]}" $((1 + k * 31 % (count / 2)))
    disturbed "${hows[(k + 2) % 6]}" $((1 + k * 17 % (count / 3)))
    WRAPPER='' small "$run" "${options[@]}" >"$here/said" 2>&1 || fail "$at: the next start failed: $(cat "$here/said")"
    must_be "$run" "$SMALL/plain"
    tried=$((tried + 1))
  done
done
echo "$tried times three starts in a row were disturbed; the fourth made the night whole"
