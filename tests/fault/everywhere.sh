#!/usr/bin/env bash
# everywhere.sh HOW [STAYS]: something goes wrong (HOW, see shim.c; once, or from then on) at each call by which a night
# touches its folder, in a start of its own: verify never accepts a wrong night, the exit code and the one line are right,
# and the next start makes the night whole, byte for byte. A sample of the calls; all of them with FAULTS_ALL=1.
. tests/support/small.sh
how=$1
stays=${2:-}
run=$here/run
tried=0
under "$run" "$how" "$stays"

# try STATE WANTED N: a start from the run STATE, with the N-th call going wrong, and one without.
try() {
  local state=$1 wanted=$2 code=0
  at="$state, $how${stays:+ from} call $3"
  begin "$state"
  (SHIM_AT=$3 small "$run" "${options[@]}" "${part[@]}") >"$here/said" 2>&1 || code=$?
  is_right "$run" "$wanted" "$SMALL/$state" || fail "$at: verify accepts a wrong night"
  ended "$code" "$here/said" "$how"
  [ "$code" != 0 ] || [ ${#part[@]} -gt 0 ] || must_be "$run" "$wanted"
  WRAPPER='' small "$run" "${options[@]}" >"$here/said" 2>&1 || fail "$at: the next start failed: $(cat "$here/said")"
  must_be "$run" "$wanted"
  tried=$((tried + 1))
}

# all STATE WANTED MOST [--to STAGE]: the start that begins at STATE.
all() {
  local state=$1 wanted=$2 most=$3 count n
  part=("${@:4}")
  begin "$state"
  small "$run" "${options[@]}" "${part[@]}" >/dev/null
  count=$(cat "$here/count")
  [ "$count" -gt 2 ] || fail "$state: the program makes $count calls; is the shim in front of it?"
  choose "$count" "$most"
  for ((n = 1; n <= count; n += STRIDE)); do try "$state" "$wanted" "$n"; done
  echo "from $state on: $how${stays:+ that stays}, every $STRIDE of $count calls"
}

options=("${plain[@]}")
for stage in ingest profile factorise train decide; do all $stage "$SMALL/plain" 6 --to $stage; done
# The commits that verify looks at.
all generate "$SMALL/plain" 24
# Over a whole night of other settings, whose shards bear the same names; and over one that was cut into other pieces.
all anew "$SMALL/plain" 12
all recut "$SMALL/plain" 6 --to ingest
options=(--set gan.rounds=1)
all train "$SMALL/tuned" 6 --to train
echo "$tried faults, one a start: none was taken for a night, and each was repaired"
