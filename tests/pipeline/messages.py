"""What must hold of every message of a night on a planted platform, read by stock tools.

Usage: messages.py FOLDER_OF_message_pb2 RUN PLATFORM [LEAST_SHARE_GENERATED]
"""
import collections
import csv
import glob
import json
import re
import sys
import unicodedata

import zstandard

sys.path.insert(0, sys.argv[1])
import message_pb2  # noqa: E402

run, platform = sys.argv[2], sys.argv[3]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def columns(text):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text if not unicodedata.combining(c))
    return wide + sum(not unicodedata.combining(c) and ord(c) not in (0x200D, 0xFE0F) for c in text)


def read_shard(path):
    with open(path, "rb") as file:
        plain = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
    shard = message_pb2.Shard()
    shard.ParseFromString(plain)
    return shard


def read_touched():
    """The titles of the items that each user did something with."""
    touched = collections.defaultdict(set)
    with open(f"{platform}/events.csv", encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            if row["item"] in items:
                touched[row["user"]].update((items[row["item"]]["title_zh"], items[row["item"]]["title_en"]))
    return touched


with open(f"{platform}/items.csv", encoding="utf-8", newline="") as file:
    items = {row["item"]: row for row in csv.DictReader(file)}
with open(f"{platform}/users.csv", encoding="utf-8", newline="") as file:
    users = {row["user"]: row["language"] or "zh" for row in csv.DictReader(file)}
with open(f"{platform}/suppression.txt", encoding="utf-8") as file:
    suppressed = set(file.read().split())
with open(f"{run}/MANIFEST.json", encoding="utf-8") as file:
    manifest = json.load(file)
touched = read_touched()

messages, faults, last = [], [], b""
for path in sorted(glob.glob(f"{run}/messages-*.pb.zst")):
    shard = read_shard(path)
    assert shard.header.night == manifest["night"], path
    for m in shard.message:
        if m.user_id <= last:
            faults.append("users do not ascend")
        last = m.user_id
        messages.append(m)

for m in messages:
    item, language = items[m.item], "zh" if m.language == message_pb2.ZH else "en"
    allowed = NUMBER.findall(" ".join((item["title_zh"], item["title_en"], item["price"], item["old_price"])))
    allowed = {n for number in allowed for n in (number, number.replace(".00", ""), number.rstrip("0").rstrip("."))}
    if re.search("<[a-z]+>", m.text) or "<title>" not in m.template:
        faults.append(f"slots: {m.text}")
    if not set(NUMBER.findall(m.text)) <= allowed:
        faults.append(f"a number that the catalogue does not have: {m.text}")
    if language != users[m.user]:
        faults.append(f"written in {language}")
    if language == "zh" and not re.search("[\u4e00-\u9fff]", m.text) or language == "en" and re.search("[\u4e00-\u9fff]", m.text):
        faults.append(f"the wrong language: {m.text}")
    if columns(m.text) > 160 or len(m.text.encode("utf-16-le")) > 320:
        faults.append(f"too long: {m.text}")
    if item["available"] != "1" or item["title_" + language] not in m.text:
        faults.append(f"an item that is not there: {m.text}")
    if m.reason and not any(title in m.reason for title in touched[m.user]):
        faults.append(f"an untrue reason: {m.reason}")
    if m.user in suppressed or m.user not in users:
        faults.append("a user who must not be written to")
    if not 0 < m.probability <= 1:
        faults.append(f"probability {m.probability}")

names = [m.user for m in messages]
if len(set(names)) != len(names):
    faults.append("a user with two messages")
if len({m.key for m in messages}) != len(messages):
    faults.append("two messages with one key")
if manifest["users"]["messages"] != len(messages) or sum(manifest["users"].values()) != manifest["users_known"]:
    faults.append(f"accounts of users do not balance: {manifest['users']}")
if sum(manifest["rows"].values()) != manifest["rows_read"]:
    faults.append(f"accounts of rows do not balance: {manifest['rows']}")

generated = sum(m.source == message_pb2.GENERATED for m in messages) / len(messages)
templates = collections.Counter(m.template for m in messages)
print(f"{len(messages)} messages, {generated:.3f} generated, {len(templates) / len(messages):.3f} distinct without "
      f"slots, the most frequent {templates.most_common(1)[0][1] / len(messages):.4f} of the night")
if len(sys.argv) > 4 and generated < float(sys.argv[4]):
    faults.append(f"only {generated:.3f} of the messages are generated")
for fault in faults[:20]:
    print(fault)
sys.exit(f"{len(faults)} faults" if faults else 0)
