#!/usr/bin/env bash
# A search for settings as a job array, and the job that gathers it: the settings that one search alone finds.
. tests/slurm/slurm.sh
search=(--set recommender.models=als,popularity --set tune.trials=4 --set tune.brackets=2 --set tune.rungs=2)
tasks=$(sbatch --parsable --array=0-2 --time=20 --output="$here/%a.log" slurm/tune.sbatch tests/data/tiny.yaml \
  --run-dir "$here/array" "${search[@]}")
jobs=("$tasks")
gather=$(sbatch --parsable --dependency=afterany:"$tasks" --time=20 --output="$here/gather.log" slurm/tune.sbatch \
  tests/data/tiny.yaml --run-dir "$here/array" "${search[@]}")
jobs+=("$gather")
wait_for "the search" has_ended_well "$gather"
"$MPIEXEC" -n 2 "$program" tune tests/data/tiny.yaml --run-dir "$here/alone" "${search[@]}" >/dev/null 2>&1 ||
  fail "a search alone ended with $?"
cmp "$here/alone/tuned.yaml" "$here/array/tuned.yaml" || fail "the array finds other settings"
diff <(ls "$here/alone/trials") <(ls "$here/array/trials") || fail "the array tries other settings"
for task in 0 1 2; do
  [ -s "$here/$task.log" ] || fail "element $task has said nothing"
done
grep -q '"event": "trial"' "$here/array/log.jsonl" || fail "no trial stands in the log"
