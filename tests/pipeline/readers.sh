#!/usr/bin/env bash
# Stock tools read the shards: zstd into protoc, and python's protobuf and zstandard.
. tests/support/night.sh
run=$WORK/np1
shard=$(find "$run" -name 'messages-*.pb.zst' | sort | head -n 1)
zstd -dcq "$shard" | protoc --decode=nightmail.v1.Shard -I proto proto/message.proto >"$WORK/decoded.txt"
grep -q '^message {' "$WORK/decoded.txt" || fail "protoc found no message"
protoc --python_out="$WORK" -I proto proto/message.proto
# Debian's packages belong to Debian's python, which need not be the first one here.
for python in python3 /usr/bin/python3; do
  ! $python -c 'import google.protobuf, zstandard' 2>/dev/null || break
done
$python tests/pipeline/messages.py "$WORK" "$run" "$TINY"
