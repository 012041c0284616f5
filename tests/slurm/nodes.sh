#!/usr/bin/env bash
# One job on one, two and four nodes, by mpirun, and on two by srun: the same shards, byte for byte.
. tests/slurm/slurm.sh
for nodes in 1 2 4; do
  submit "$here/on$nodes" --ranks $((2 * nodes)) --nodes=$nodes --ntasks-per-node=2
done
# srun with Debian's Open MPI fails now and then before main begins; the job then starts itself again.
LAUNCHER=srun submit "$here/srun" --ranks 2 --nodes=2 --ntasks-per-node=1
for id in "${jobs[@]}"; do wait_for "job $id" has_ended_well "$id"; done
for nodes in 1 2 4; do
  whole "$here/on$nodes"
  grep -q "\"event\": \"start\", \"ranks\": $((2 * nodes))" "$here/on$nodes/log.jsonl" || fail "not $((2 * nodes)) ranks"
done
whole "$here/srun"
