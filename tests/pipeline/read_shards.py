"""Reads a run's shards with python's protobuf and zstandard alone, and holds them against MANIFEST.json.

Usage: read_shards.py RUN RECORDS, with message_pb2 on the path.
"""
import hashlib
import io
import json
import pathlib
import struct
import sys

import message_pb2
import zstandard


def read_all(data):
    """The whole shard. Plain decompress() would stop after the first frame."""
    reader = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True)
    return reader.read()


def seek_table(data):
    """(offset, bytes, plain bytes) of each frame, by the zstd seekable format."""
    frames, descriptor, magic = struct.unpack("<IBI", data[-9:])
    assert magic == 0x8F92EAB1 and descriptor == 0x80, "no seek table with checksums"
    table = data[-(8 + 12 * frames + 9):]
    assert struct.unpack("<II", table[:8]) == (0x184D2A5E, 12 * frames + 9)
    offset, found = 0, []
    for i in range(frames):
        size, plain, _ = struct.unpack("<III", table[8 + 12 * i:20 + 12 * i])
        found.append((offset, size, plain))
        offset += size
    assert offset + len(table) == len(data), "frames and seek table do not fill the file"
    return found


def read_index(data, frame):
    offset, size, plain = frame
    magic, length = struct.unpack("<II", data[offset:offset + 8])
    assert magic == 0x184D2A5B and length == size - 8 and plain == 0, "no index before the seek table"
    return message_pb2.ShardIndex.FromString(data[offset + 8:offset + size - 8])


def find(data, frames, user):
    """One user, by decompressing one frame; its records alone are a Shard, too."""
    for frame, (offset, size, plain) in zip(read_index(data, frames[-1]).frame, frames):
        if frame.records and frame.first_user <= user <= frame.last_user:
            text = zstandard.ZstdDecompressor().decompress(data[offset:offset + size])
            assert len(text) == plain == frame.plain_bytes
            return [m for m in message_pb2.Shard.FromString(text).message if m.user_id == user]
    return []


def check_shard(data, entry, manifest, index):
    plain = read_all(data)
    assert len(data) == entry["bytes"] and len(plain) == entry["plain_bytes"]
    assert hashlib.blake2b(data, digest_size=32).hexdigest() == entry["digest"]
    assert hashlib.blake2b(plain, digest_size=32).hexdigest() == entry["plain_digest"]
    shard = message_pb2.Shard.FromString(plain)
    header = shard.header
    assert (header.job, header.night) == (manifest["job"], manifest["night"])
    assert (header.index, header.count) == (index, len(manifest["shards"]))
    users = [m.user_id for m in shard.message]
    assert len(users) == entry["records"] and users == sorted(set(users)), "users do not ascend"
    assert all(m.text and m.language and m.tone and m.source for m in shard.message)
    frames = seek_table(data)
    for m in (shard.message[:1], shard.message[-1:]):
        assert find(data, frames, m[0].user_id if m else bytes(16)) == list(m)
    return len(users)


def main():
    run, records = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    manifest = json.loads((run / "MANIFEST.json").read_text(encoding="utf-8"))
    total = 0
    for index, entry in enumerate(manifest["shards"]):
        total += check_shard((run / entry["name"]).read_bytes(), entry, manifest, index)
    assert total == records == manifest["users"]["messages"], (total, records)
    print(f"python read {total} messages in {len(manifest['shards'])} shards")


main()
