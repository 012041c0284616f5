#!/usr/bin/env bash
# node_boot.sh NAME DIR [ADDRESS]: the first process of a node of tests/slurm/cluster, in namespaces of its own.
set -euo pipefail
name=$1
dir=$2
address=${3:-}
hostname "$name"
mount -t tmpfs -o mode=1777 none /dev/shm
mount -t tmpfs -o mode=1777 none "$dir/tmp"
mount --bind "$dir/hosts" /etc/hosts
if [ -n "$address" ]; then
  ip link set lo up
  for ((i = 0; i < 100; i++)); do
    if ip link show eth0 >/dev/null 2>&1; then break; fi
    sleep 0.05
  done
  ip address add "$address/24" dev eth0
  ip link set eth0 up
fi
slurmd -D -N "$name" &
# Whatever loses its parent becomes ours to wait for; the node stays even if slurmd ends, as a real one does.
while :; do wait || true; sleep 1; done
