#!/usr/bin/env bash
# Jobs that somebody puts back into the queue in the middle of a stage go on by themselves; jobs that somebody cancels go
# on when they are submitted again.
. tests/slurm/slurm.sh
wide=(--queue crowd --ranks 2 --nodes=2 --ntasks-per-node=1 --time 10)
declare -A of_run
for stage in factorise train generate; do
  hold $stage
  for what in requeue scancel; do
    submit "$here/$stage.$what" "${wide[@]}"
    of_run[$stage.$what]=$id
  done
done
for stage in factorise train generate; do
  for what in requeue scancel; do wait_for "$stage to be reached" is_held $stage "$here/$stage.$what"; done
done
for stage in factorise train generate; do
  scontrol requeue "${of_run[$stage.requeue]}"
  scancel "${of_run[$stage.scancel]}"
done
for stage in factorise train generate; do
  wait_for "$stage to be left" is_in_state "${of_run[$stage.requeue]}" PENDING
  wait_for "$stage to be cancelled" is_in_state "${of_run[$stage.scancel]}" CANCELLED
done
touch "$here/gate"
export NIGHTMAIL=$program
for stage in factorise train generate; do
  submit "$here/$stage.scancel" "${wide[@]}"
  of_run[$stage.scancel]=$id
done
for run in "${!of_run[@]}"; do
  wait_for "the job of $run" has_ended_well "${of_run[$run]}"
  whole "$here/$run"
done
