#!/usr/bin/env bash
# A chain of one job per stage makes the night of a single job. Where a stage fails, those that need it are cancelled, and
# the last job says how the night ended; the same chain again goes on with the stage that failed.
. tests/slurm/slurm.sh

# Submits a chain; its jobs go to `ids`, by stage.
declare -A ids
submit_chain() {
  local word number stage rest
  slurm/submit tests/data/tiny.yaml --chain --logs "$here" --time 20 "$@" >"$here/said" || fail "slurm/submit ended with $?"
  ids=()
  while read -r word number stage rest; do
    [ "$word" = job ] || continue
    ids[${stage%%[:,]*}]=$number
    jobs+=("$number")
  done <"$here/said"
  [ ${#ids[@]} = 7 ] || fail "not a job per stage: $(cat "$here/said")"
}
has_ended() { ! is_in_state "$1" 'PENDING|RUNNING|COMPLETING|SUSPENDED'; }

submit_chain -- --run-dir "$here/good"
good=("${ids[@]}")

# In the other one a disk is full when a model is to be saved.
cat >"$here/full" <<END
#!/bin/sh
case " \$* " in *" --to train "*) export LD_PRELOAD="$SHIM" SHIM_FULL=work/train/ ;; esac
exec $program "\$@"
END
chmod +x "$here/full"
NIGHTMAIL=$here/full submit_chain -- --run-dir "$here/bad"
wait_for "the report of a chain that failed" has_ended "${ids[report]}"
is_in_state "${ids[factorise]}" COMPLETED || fail "factorise: $(of "${ids[factorise]}" JobState)"
train="$(of "${ids[train]}" JobState) $(of "${ids[train]}" ExitCode)"
[ "$train" = "FAILED 74:0" ] || fail "train ended as $train"
for stage in decide generate; do
  is_in_state "${ids[$stage]}" CANCELLED || fail "$stage: $(of "${ids[$stage]}" JobState)"
done
is_in_state "${ids[report]}" FAILED || fail "the last job of a failed night: $(of "${ids[report]}" JobState)"
grep -q "did not finish" "$(of "${ids[report]}" StdOut)" || fail "the last job does not say that the night failed"
[ ! -e "$here/bad/MANIFEST.json" ] || fail "a night without messages has a manifest"

submit_chain -- --run-dir "$here/bad"
for id in "${good[@]}" "${ids[@]}"; do wait_for "job $id" has_ended_well "$id"; done
whole "$here/good"
whole "$here/bad"
