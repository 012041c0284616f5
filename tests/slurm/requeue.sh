#!/usr/bin/env bash
# Jobs that somebody puts back into the queue in the middle of a stage go on by themselves; jobs that somebody cancels go
# on when they are submitted again.
. tests/slurm/slurm.sh
for stage in factorise train generate; do
  hold $stage
  for what in requeue scancel; do
    crowd "$here/$stage.$what"
  done
done
for stage in factorise train generate; do
  for what in requeue scancel; do wait_for "$stage to be reached" is_held $stage "$here/$stage.$what"; done
done
for stage in factorise train generate; do
  scontrol requeue "${job_of[$here/$stage.requeue]}"
  scancel "${job_of[$here/$stage.scancel]}"
done
for stage in factorise train generate; do
  wait_for "$stage to be left" is_in_state "${job_of[$here/$stage.requeue]}" PENDING
  wait_for "$stage to be cancelled" is_in_state "${job_of[$here/$stage.scancel]}" CANCELLED
done
touch "$here/gate"
export NIGHTMAIL=$program
for stage in factorise train generate; do
  crowd "$here/$stage.scancel"
done
for run in "${!job_of[@]}"; do
  wait_for "the job of $run" has_ended_well "${job_of[$run]}"
  whole "$run"
done
