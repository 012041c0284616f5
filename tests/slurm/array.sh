#!/usr/bin/env bash
# A job array: three nights at once, each of them the night that is made alone.
. tests/slurm/slurm.sh
slurm/submit tests/data/tiny.yaml --nights 2024-04-28,2024-04-29,2024-04-30 --ranks 2 --time 20 --logs "$here" \
  -- --set "runs=$here" >"$here/said" || fail "slurm/submit ended with $?"
id=$(sed -n 's/^job *\([0-9]*\).*/\1/p' "$here/said")
jobs=("$id")
have_all_ended_well() {
  local states
  states=$(squeue -h -r -t all -j "$id" -o %T | sort | uniq -c | tr -s ' ')
  ! grep -qE 'FAILED|CANCELLED|TIMEOUT|MEMORY' <<<"$states" || fail "elements ended as $states"
  [ "$states" = " 3 COMPLETED" ]
}
wait_for "three nights" have_all_ended_well
whole "$here/tiny/2024-04-30"
for day in 28 29; do
  "$program" verify "$here/tiny/2024-04-$day"
  night 1 "$here/alone$day" --set night=2024-04-$day >/dev/null 2>&1
  same_bytes "$here/alone$day" "$here/tiny/2024-04-$day"
done
