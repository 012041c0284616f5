#!/usr/bin/env bash
# Reads every shard of a finished run with tools that know nothing of nightmail: zstd, protoc, python.
# Usage: read_with_stock_tools.sh RUN. Exit codes: 0 read, 77 skipped (says what is missing), else 1.
set -euo pipefail
run=$1
here=$(cd "$(dirname "$0")" && pwd)
proto=$here/../../proto
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for tool in zstd protoc; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done

records=0
shards=0
for shard in "$run"/messages-*.pb.zst; do
  zstd -q -t "$shard"
  zstd -q -dc "$shard" | protoc --proto_path="$proto" --decode=nightmail.v1.Shard message.proto >"$scratch/decoded"
  count=$(grep -c '^message {' "$scratch/decoded" || true)
  headers=$(grep -c '^header {' "$scratch/decoded" || true)
  [ "$headers" = 1 ] || { echo "$shard: $headers headers"; exit 1; }
  records=$((records + count))
  shards=$((shards + 1))
done
echo "zstd and protoc read $records messages in $shards shards"

# Whichever python has the two modules: the first in the path need not be that of the distribution.
for python in python3 /usr/bin/python3; do
  command -v "$python" >/dev/null || continue
  "$python" -c 'import google.protobuf, zstandard' 2>/dev/null || continue
  protoc --proto_path="$proto" --python_out="$scratch" message.proto
  PYTHONPATH=$scratch "$python" "$here/read_shards.py" "$run" "$records"
  exit 0
done
echo "skipped: no python3 with google.protobuf and zstandard (apt-get install python3-protobuf python3-zstandard)"
exit 77
