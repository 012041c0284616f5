#!/usr/bin/env bash
# A node loses its power in every stage: for one half of the jobs it is the node of their script and of rank 0, for the
# other half another one. Once it is back they go on from the last checkpoint.
. tests/slurm/slurm.sh
for stage in $STAGES; do
  hold "$stage"
  for nodes in nm1,nm2 nm2,nm3; do
    crowd "$here/$stage.$nodes" --nodelist=$nodes
  done
done
for stage in $STAGES; do
  for nodes in nm1,nm2 nm2,nm3; do wait_for "$stage to be reached" is_held "$stage" "$here/$stage.$nodes"; done
done
tests/slurm/cluster node crash nm2
for id in "${jobs[@]}"; do wait_for "job $id to be in the queue again" is_in_state "$id" PENDING; done
touch "$here/gate"
tests/slurm/cluster node start nm2
for run in "${!job_of[@]}"; do
  wait_for "the job of $run" has_ended_well "${job_of[$run]}"
  [ "$(of "${job_of[$run]}" Restarts)" -ge 1 ] || fail "the job of $run was not disturbed"
  whole "$run"
done
