#!/usr/bin/env bash
# A time limit strikes in every stage: Slurm's signal is passed on, all ranks save and leave, the job starts itself again
# and goes on there. One job for each stage, all struck by the same limit.
. tests/slurm/slurm.sh
for stage in $STAGES; do
  hold "$stage"
  crowd "$here/$stage" --signal=B:USR1@180
done
for stage in $STAGES; do wait_for "$stage to be reached" is_held "$stage" "$here/$stage"; done
for id in "${jobs[@]}"; do give_minutes "$id" 2; done
for stage in $STAGES; do wait_for "Slurm's signal in $stage" grep -q SIGUSR1 "$here/$stage.log"; done
for id in "${jobs[@]}"; do give_minutes "$id" 10; done
touch "$here/gate"
for stage in $STAGES; do
  wait_for "the job that was struck in $stage" has_ended_well "${job_of[$here/$stage]}"
  # The last stage is short, and nothing comes after it: it ends.
  if [ "$stage" != report ]; then
    grep -q "stopped as asked" "$here/$stage.log" || fail "in $stage the job did not stop by itself"
    [ "$(of "${job_of[$here/$stage]}" Restarts)" -ge 1 ] || fail "the job of $stage was not started again"
  fi
  whole "$here/$stage"
done
