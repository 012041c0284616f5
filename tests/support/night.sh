# Sourced by tests/pipeline/*.sh and tests/fault/*.sh. CTest sets
#   NIGHTMAIL  the program     MPIEXEC  starts ranks     WORK  a folder for all tests of a build     SHIM  see below
# and starts in the root of the sources.
set -euo pipefail
export TINY=$WORK/platform

# Begins a WRAPPER that puts tests/fault/shim.c in front of the program; an address sanitizer wants to be asked.
PRELOAD="env ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 LD_PRELOAD=$SHIM"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# night RANKS RUN [options of nightmail run]: a tiny night, at most five minutes of it.
night() {
  local ranks=$1 run=$2
  shift 2
  ${AS:-} timeout --signal=KILL 300 "$MPIEXEC" -n "$ranks" ${WRAPPER:-} "$NIGHTMAIL" run "${JOB:-tests/data/tiny.yaml}" \
    --run-dir "$run" "$@"
}

# same_bytes RUN RUN: the same shards, byte for byte.
same_bytes() {
  local shard count=0
  for shard in "$1"/messages-*.pb.zst; do
    cmp "$shard" "$2/$(basename "$shard")" || fail "$shard differs from the one in $2"
    count=$((count + 1))
  done
  [ "$count" = "$(find "$2" -name 'messages-*.pb.zst' | wc -l)" ] || fail "$2 has another number of shards"
  [ "$count" -gt 0 ] || fail "$1 has no shards"
}
